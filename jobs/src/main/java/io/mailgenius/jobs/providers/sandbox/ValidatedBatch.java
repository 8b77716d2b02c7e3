package io.mailgenius.jobs.providers.sandbox;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch without the mails that are not acceptable.
 *
 * @param body the JSON of the others, as it came
 * @param mails how many they are
 */
record ValidatedBatch(byte[] body, int mails, List<Fault> faults) {

    /**
     * @param index among the mails that came
     */
    record Fault(int index, String message) {}

    /** Of a batch all of whose mails are acceptable. */
    static ValidatedBatch whole(byte[] body, int mails) {
        return new ValidatedBatch(body, mails, List.of());
    }

    /**
     * @param each the mails that came
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
