package io.mailgenius.jobs.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.contacts.EmailAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names the recipient of a mail in a way that nobody can guess and that never expires: workspace,
 * campaign, contact and the address that was mailed, and 128 bits of HMAC-SHA256 over them under
 * the installation's secret. The address comes along, since it is what is unsubscribed, whatever
 * becomes of the contact; it is hidden, since mails are forwarded. Tokens of mails that went out
 * before had none.
 */
public final class UnsubscribeTokens {

    private static final int LONGEST = 3 * 10 + 4 * EmailAddress.MAX_LENGTH + Seal.WHOLE;

    private final Seal seal;

    public UnsubscribeTokens(byte[] secret) {
        this.seal = new Seal(secret);
    }

    /**
     * Whose mail it was.
     *
     * @param email that was mailed, if the token tells
     */
    public record Recipient(
            long workspaceId, long campaignId, long contactId, @Nullable String email) {

        public Recipient(long workspaceId, long campaignId, long contactId) {
            this(workspaceId, campaignId, contactId, null);
        }

        byte[] claim() {
            return Seal.numbers(workspaceId, campaignId, contactId);
        }

        static Recipient of(ByteBuffer claim) {
            return new Recipient(Seal.number(claim), Seal.number(claim), Seal.number(claim));
        }

        private Recipient at(byte[] address) {
            return address.length == 0
                    ? this
                    : new Recipient(workspaceId, campaignId, contactId, new String(address, UTF_8));
        }
    }

    public String sign(Recipient recipient) {
        byte[] numbers = recipient.claim();
        String email = recipient.email();
        byte[] address = email == null ? new byte[0] : email.getBytes(UTF_8);
        byte[] signature = seal.signature(joined(numbers, address));
        byte[] token = joined(joined(numbers, seal.masked(signature, address)), signature);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** Empty unless this installation made the token. */
    public Optional<Recipient> read(String token) {
        byte[] bytes = Seal.decoded(token);
        if (bytes.length <= Seal.WHOLE || bytes.length > LONGEST) {
            return Optional.empty();
        }
        byte[] signature = Arrays.copyOfRange(bytes, bytes.length - Seal.WHOLE, bytes.length);
        ByteBuffer claim = ByteBuffer.wrap(bytes, 0, bytes.length - Seal.WHOLE);
        Recipient recipient;
        try {
            recipient = Recipient.of(claim);
        } catch (BufferUnderflowException notOurs) {
            return Optional.empty();
        }
        byte[] numbers = Arrays.copyOf(bytes, claim.position());
        byte[] address =
                seal.masked(
                        signature,
                        Arrays.copyOfRange(bytes, claim.position(), bytes.length - Seal.WHOLE));
        return MessageDigest.isEqual(signature, seal.signature(joined(numbers, address)))
                ? Optional.of(recipient.at(address))
                : Optional.empty();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
