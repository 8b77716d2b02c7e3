package io.mailgenius.jobs.delivery.tokens;

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
 * Signs claims that are published and received back: HMAC-SHA256 under one secret of the
 * installation, cut to the length that the claim deserves.
 */
final class TokenSigner {

    /** 128 bits, which cannot be guessed. */
    static final int WHOLE = 16;

    /** The length of HMAC-SHA256. */
    private static final int MASK = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final ThreadLocal<Mac> macs;

    TokenSigner(byte[] secret) {
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

    /**
     * @param context signed as well; not part of the token
     */
    byte[] sealed(byte[] context, byte[] claim, int bytes) {
        byte[] token = Arrays.copyOf(claim, claim.length + bytes);
        System.arraycopy(signature(context, claim), 0, token, claim.length, bytes);
        return token;
    }

    static String encoded(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The bytes of a claim before its signature; empty if the signature is invalid. */
    Optional<byte[]> opened(byte[] context, byte[] token, int bytes) {
        if (token.length <= bytes) {
            return Optional.empty();
        }
        byte[] claim = Arrays.copyOf(token, token.length - bytes);
        byte[] signature = Arrays.copyOf(signature(context, claim), bytes);
        byte[] given = Arrays.copyOfRange(token, claim.length, token.length);
        return MessageDigest.isEqual(signature, given) ? Optional.of(claim) : Optional.empty();
    }

    /** An unreadable token is treated like a forged one: no bytes. */
    static byte[] decoded(String token) {
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private byte[] signature(byte[] context, byte[] claim) {
        Mac mac = macs.get();
        mac.update(context);
        return mac.doFinal(claim);
    }

    /**
     * Encrypts a text, or decrypts it: combines it with a key stream from secret and nonce.
     *
     * @param nonce a signature over the text, so that no two texts share one
     */
    byte[] masked(byte[] nonce, byte[] text) {
        byte[] masked = text.clone();
        byte[] mask = new byte[0];
        for (int i = 0; i < masked.length; i++) {
            int at = i % MASK;
            if (at == 0) {
                mask = signature(new byte[] {'A', (byte) (i / MASK)}, nonce);
            }
            masked[i] ^= mask[at];
        }
        return masked;
    }

    byte[] signature(byte[] claim) {
        return Arrays.copyOf(signature(new byte[0], claim), WHOLE);
    }

    /** Seven bits per byte, so that a token stays short: every mail contains it several times. */
    static byte[] numbers(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 10);
        for (long value : values) {
            long rest = value;
            while (rest > 0x7F) {
                buffer.put((byte) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            buffer.put((byte) rest);
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Call it only for claims that were verified, since others may have any length. */
    static long number(ByteBuffer claim) {
        long value = 0;
        int shift = 0;
        byte b;
        do {
            b = claim.get();
            value |= (long) (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }
}
