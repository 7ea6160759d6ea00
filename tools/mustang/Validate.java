// SPDX-License-Identifier: Apache-2.0

import org.mustangproject.validator.ZUGFeRDValidator;

/** Prints the report of Mustang's validator on every file given; runs from source with the validator's jar. */
public class Validate {
    public static void main(String[] files) {
        for (String file : files) {
            System.out.println(new ZUGFeRDValidator().validate(file));
        }
    }
}
