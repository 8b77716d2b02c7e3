package io.mailgenius.jobs.delivery;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names the recipient of a mail in a way that nobody can guess and that never expires: workspace,
 * campaign and contact, and 128 bits of HMAC-SHA256 over them under the installation's secret.
 */
public final class UnsubscribeTokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE = 16;
    private static final int MAX_CLAIM = 3 * 10;

    private final ThreadLocal<Mac> macs;

    public UnsubscribeTokens(byte[] secret) {
        SecretKeySpec key = new SecretKeySpec(secret, ALGORITHM);
        this.macs = ThreadLocal.withInitial(() -> mac(key));
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }

    /** Whose mail it was. */
    public record Recipient(long workspaceId, long campaignId, long contactId) {}

    public String sign(Recipient recipient) {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_CLAIM + SIGNATURE);
        put(buffer, recipient.workspaceId());
        put(buffer, recipient.campaignId());
        put(buffer, recipient.contactId());
        byte[] signature = signature(buffer.array(), buffer.position());
        buffer.put(signature, 0, SIGNATURE);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(buffer.array(), buffer.position()));
    }

    /** Empty unless this installation made the token. */
    public Optional<Recipient> read(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int claim = bytes.length - SIGNATURE;
        if (claim < 3 || claim > MAX_CLAIM) {
            return Optional.empty();
        }
        byte[] signature = Arrays.copyOf(signature(bytes, claim), SIGNATURE);
        if (!MessageDigest.isEqual(signature, Arrays.copyOfRange(bytes, claim, bytes.length))) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, claim);
        return Optional.of(new Recipient(get(buffer), get(buffer), get(buffer)));
    }

    private byte[] signature(byte[] bytes, int length) {
        Mac mac = macs.get();
        mac.update(bytes, 0, length);
        return mac.doFinal();
    }

    /** Seven bits a byte, so that a token stays short: it stands in every mail twice. */
    private static void put(ByteBuffer buffer, long value) {
        long rest = value;
        while (rest > 0x7F) {
            buffer.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    private static long get(ByteBuffer buffer) {
        long value = 0;
        int shift = 0;
        byte b;
        do {
            b = buffer.get();
            value |= (long) (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }
}
