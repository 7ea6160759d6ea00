// SPDX-License-Identifier: Apache-2.0
package peer;

import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import com.helger.base.debug.GlobalDebug;
import com.helger.phase4.incoming.AS4ServerInitializer;
import com.helger.phase4.peppol.Phase4PeppolSender;
import com.helger.phase4.profile.peppol.AS4PeppolProfileRegistarSPI;
import com.helger.phase4.incoming.mgr.AS4ProfileSelector;
import com.helger.phase4.servlet.AS4Servlet;
import com.helger.photon.io.WebFileIO;
import com.helger.security.certificate.TrustedCAChecker;
import com.helger.servlet.mock.MockServletContext;
import com.helger.web.scope.mgr.WebScopeManager;
import com.helger.xml.serialize.read.DOMReader;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/**
 * phase4 as the other access point.
 *
 * <pre>
 * Peer receive PORT            prints "ready" and receives at http://127.0.0.1:PORT/as4 into peer.folder
 * Peer send URL                sends document.xml of peer.folder, and prints what phase4 makes of the answer
 * </pre>
 */
public final class Peer {
  private static final String DOCUMENT_TYPE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice"
      + "##urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1";

  private Peer() {
  }

  public static void main(String[] words) throws Exception {
    GlobalDebug.setDebugModeDirect(true); // else plain http is refused
    if ("receive".equals(words[0])) {
      receive(Integer.parseInt(words[1]));
    } else {
      send(words[1]);
    }
  }

  private static void receive(int port) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler handler = new ServletContextHandler(ServletContextHandler.SESSIONS);
    handler.setContextPath("/");
    handler.addEventListener(new ServletContextListener() {
      @Override
      public void contextInitialized(ServletContextEvent event) {
        WebScopeManager.onGlobalBegin(event.getServletContext());
        File data = new File(System.getProperty("peer.folder"), "phase4");
        data.mkdirs();
        WebFileIO.initPaths(data, data.getAbsolutePath(), false);
        AS4ProfileSelector.setCustomDefaultAS4ProfileID(AS4PeppolProfileRegistarSPI.AS4_PROFILE_ID);
        AS4ServerInitializer.initAS4Server();
      }
    });
    handler.addServlet(new ServletHolder(AS4Servlet.class), "/as4");
    server.setHandler(handler);
    server.start();
    System.out.println("ready");
    server.join();
  }

  private static void send(String url) throws Exception {
    WebScopeManager.onGlobalBegin(MockServletContext.create());
    Path folder = Path.of(System.getProperty("peer.folder"));
    X509Certificate receiver = certificate(folder.resolve("other.pem"));
    X509Certificate issuer = certificate(folder.resolve("issuer.pem"));
    var identifiers = Phase4PeppolSender.IF;
    var result = Phase4PeppolSender.builder()
        .peppolAP_CAChecker(new TrustedCAChecker(issuer))
        .checkReceiverAPCertificate(false)
        .documentTypeID(identifiers.createDocumentTypeIdentifierWithDefaultScheme(DOCUMENT_TYPE))
        .processID(identifiers.createProcessIdentifierWithDefaultScheme(
            "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"))
        .senderParticipantID(identifiers.createParticipantIdentifierWithDefaultScheme("9915:a"))
        .receiverParticipantID(identifiers.createParticipantIdentifierWithDefaultScheme("9915:b"))
        .senderPartyID(System.getProperty("peer.name"))
        .countryC1("DE")
        .payload(DOMReader.readXMLDOM(Files.readAllBytes(folder.resolve("document.xml"))).getDocumentElement())
        .receiverEndpointDetails(receiver, url)
        .sendMessageAndCheckForReceipt();
    System.out.println("result " + result);
    System.exit(0);
  }

  private static X509Certificate certificate(Path path) throws Exception {
    try (FileInputStream stream = new FileInputStream(path.toFile())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }
}
