package io.mailgenius.jobs.delivery;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Names the recipient of a mail in a way that nobody can guess and that never expires: workspace,
 * campaign and contact, and 128 bits of HMAC-SHA256 over them under the installation's secret.
 */
public final class UnsubscribeTokens {

    private static final byte[] NOTHING = new byte[0];
    private static final int LONGEST = 3 * 10 + Seal.WHOLE;

    private final Seal seal;

    public UnsubscribeTokens(byte[] secret) {
        this.seal = new Seal(secret);
    }

    /** Whose mail it was. */
    public record Recipient(long workspaceId, long campaignId, long contactId) {

        byte[] claim() {
            return Seal.numbers(workspaceId, campaignId, contactId);
        }

        static Recipient of(ByteBuffer claim) {
            return new Recipient(Seal.number(claim), Seal.number(claim), Seal.number(claim));
        }
    }

    public String sign(Recipient recipient) {
        return seal.sealed(NOTHING, recipient.claim(), Seal.WHOLE);
    }

    /** Empty unless this installation made the token. */
    public Optional<Recipient> read(String token) {
        byte[] bytes = Seal.decoded(token);
        return bytes.length > LONGEST
                ? Optional.empty()
                : seal.opened(NOTHING, bytes, Seal.WHOLE).map(ByteBuffer::wrap).map(Recipient::of);
    }
}
