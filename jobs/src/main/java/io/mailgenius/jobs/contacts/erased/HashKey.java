package io.mailgenius.jobs.contacts.erased;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A key of HMAC-SHA256 (RFC 2104) in the form in which PostgreSQL, which has SHA-256 and no HMAC,
 * computes it: {@code sha256(outer || sha256(inner || address))}.
 */
public record HashKey(int id, byte[] inner, byte[] outer) {

    private static final int BLOCK = 64;

    /**
     * @param secret of at most a block of SHA-256
     */
    static HashKey of(int id, byte[] secret) {
        return new HashKey(id, padded(secret, 0x36), padded(secret, 0x5c));
    }

    private static byte[] padded(byte[] secret, int pad) {
        byte[] block = Arrays.copyOf(secret, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= (byte) pad;
        }
        return block;
    }

    byte[] hash(String address) {
        return sha256(outer, sha256(inner, address.getBytes(UTF_8)));
    }

    private static byte[] sha256(byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first);
            return digest.digest(second);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The keys stay out of logs. */
    @Override
    public String toString() {
        return "HashKey[" + id + "]";
    }
}
