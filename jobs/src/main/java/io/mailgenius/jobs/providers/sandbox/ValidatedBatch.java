package io.mailgenius.jobs.providers.sandbox;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch without its invalid mails.
 *
 * @param body the JSON of the others, as received
 * @param mails their number
 */
record ValidatedBatch(byte[] body, int mails, List<Fault> faults) {

    /**
     * @param index among the received mails
     */
    record Fault(int index, String message) {}

    /** For a batch of which all mails are valid. */
    static ValidatedBatch whole(byte[] body, int mails) {
        return new ValidatedBatch(body, mails, List.of());
    }

    /**
     * @param each the received mails
     */
    static ValidatedBatch of(List<byte[]> each) {
        ByteArrayOutputStream good = new ByteArrayOutputStream();
        List<Fault> faults = new ArrayList<>();
        for (int index = 0; index < each.size(); index++) {
            byte[] mail = each.get(index);
            try {
                Submission.count(mail, 0);
                good.write(good.size() == 0 ? '[' : ',');
                good.writeBytes(mail);
            } catch (SandboxError error) {
                faults.add(new Fault(index, error.getMessage()));
            }
        }
        good.write(']');
        return new ValidatedBatch(good.toByteArray(), each.size() - faults.size(), faults);
    }
}
