package io.mailgenius.bench.provider;

import io.mailgenius.jobs.providers.Provider;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A received batch.
 *
 * @param addresses the recipients of the valid mails
 * @param faults of the invalid mails
 * @param sha256 of the body
 */
record SubmittedBatch(String key, List<String> addresses, List<Fault> faults, String sha256) {

    /**
     * @param index of the mail in the batch
     */
    record Fault(int index, String message) {}

    /** A refusal in Resend's format. */
    static final class No extends Exception {

        private final int status;
        private final String name;

        No(int status, String name, String message) {
            super(message, null, false, false);
            this.status = status;
            this.name = name;
        }

        int status() {
            return status;
        }

        String name() {
            return name;
        }
    }

    /**
     * @param permissive whether invalid mails are skipped, instead of refusing the batch
     */
    static SubmittedBatch of(@Nullable String key, byte[] body, boolean permissive) throws No {
        if (key == null || key.isEmpty() || key.length() > 256) {
            // Resend accepts requests without a key; the product must not send any.
            throw new No(400, "invalid_idempotency_key", "A key has 1 to 256 characters.");
        }
        JsonNode mails;
        try {
            mails = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw new No(400, "validation_error", "The body is not JSON.");
        }
        if (!mails.isArray() || mails.isEmpty() || mails.size() > Provider.BATCH) {
            throw new No(422, "validation_error", "A batch has 1 to 100 emails.");
        }
        List<String> addresses = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (JsonNode mail : mails) {
            JsonNode to = mail.path("to");
            String address = (to.isArray() && to.size() == 1 ? to.get(0) : to).asString("");
            if (address.matches("[^@\\s]+@[^@\\s]+")) {
                addresses.add(address);
            } else {
                faults.add(new Fault(addresses.size() + faults.size(), "Invalid `to` field."));
            }
        }
        if (!permissive && !faults.isEmpty()) {
            Fault first = faults.getFirst();
            String where =
                    String.format(Locale.ROOT, "emails[%d]: %s", first.index(), first.message());
            throw new No(422, "validation_error", where);
        }
        return new SubmittedBatch(key, addresses, faults, sha256(body));
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
