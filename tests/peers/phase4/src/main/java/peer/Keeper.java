// SPDX-License-Identifier: Apache-2.0
package peer;

import java.nio.file.Files;
import java.nio.file.Path;

import org.w3c.dom.Node;

import com.helger.collection.commons.ICommonsList;
import com.helger.http.header.HttpHeaderMap;
import com.helger.phase4.attachment.WSS4JAttachment;
import com.helger.phase4.ebms3header.Ebms3SignalMessage;
import com.helger.phase4.ebms3header.Ebms3UserMessage;
import com.helger.phase4.error.AS4ErrorList;
import com.helger.phase4.incoming.IAS4IncomingMessageMetadata;
import com.helger.phase4.incoming.IAS4IncomingMessageState;
import com.helger.phase4.incoming.spi.AS4MessageProcessorResult;
import com.helger.phase4.incoming.spi.AS4SignalMessageProcessorResult;
import com.helger.phase4.incoming.spi.IAS4IncomingMessageProcessorSPI;
import com.helger.phase4.model.pmode.IPMode;

/** Keeps what phase4 has decrypted, verified and decompressed. */
public final class Keeper implements IAS4IncomingMessageProcessorSPI {
  @Override
  public AS4MessageProcessorResult processAS4UserMessage(IAS4IncomingMessageMetadata metadata, HttpHeaderMap headers,
      Ebms3UserMessage message, IPMode mode, Node payload, ICommonsList<WSS4JAttachment> attachments,
      IAS4IncomingMessageState state, AS4ErrorList errors) {
    try {
      Path folder = Path.of(System.getProperty("peer.folder"));
      byte[] content = attachments.get(0).getSourceStream().readAllBytes();
      Path beside = folder.resolve("received.tmp");
      Files.write(beside, content);
      Files.move(beside, folder.resolve("received.xml"));
      return AS4MessageProcessorResult.createSuccess();
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }

  @Override
  public AS4SignalMessageProcessorResult processAS4SignalMessage(IAS4IncomingMessageMetadata metadata,
      HttpHeaderMap headers, Ebms3SignalMessage message, IPMode mode, IAS4IncomingMessageState state,
      AS4ErrorList errors) {
    return AS4SignalMessageProcessorResult.createSuccess();
  }

  @Override
  public void processAS4ResponseMessage(IAS4IncomingMessageMetadata metadata, IAS4IncomingMessageState state, String id,
      byte[] response, boolean available, AS4ErrorList errors) {
    // the answer goes out as it is
  }
}
