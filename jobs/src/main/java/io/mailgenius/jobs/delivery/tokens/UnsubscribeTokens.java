package io.mailgenius.jobs.delivery.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the recipient of a mail by a token that cannot be guessed and never expires:
 * workspace, campaign, contact and the mailed address, with 128 bits of HMAC-SHA256 over them under
 * a key of the installation, which the token names. The address is included because it is what is
 * unsubscribed, whatever happens to the contact; it is encrypted because mails are forwarded.
 * Tokens of older mails do not include it.
 */
public final class UnsubscribeTokens {

    /** No token begins with it otherwise, because no workspace has the number 0. */
    static final byte NAMED = 0;

    private static final int LONGEST = 6 + 3 * 10 + 4 * EmailAddress.MAX_LENGTH + TokenSigner.WHOLE;

    private final TokenKeys keys;
    private final @Nullable Instant launched;

    public UnsubscribeTokens(byte[] secret) {
        this(TokenKeys.of(secret));
    }

    public UnsubscribeTokens(TokenKeys keys) {
        this(keys, null);
    }

    private UnsubscribeTokens(TokenKeys keys, @Nullable Instant launched) {
        this.keys = keys;
        this.launched = launched;
    }

    /** For mails of a campaign that was launched then; see {@link TokenKeys#at}. */
    public UnsubscribeTokens at(@Nullable Instant moment) {
        return new UnsubscribeTokens(keys, moment);
    }

    /**
     * The recipient of the mail.
     *
     * @param email the mailed address, if the token includes it
     */
    public record Recipient(
            long workspaceId, long campaignId, long contactId, @Nullable String email) {

        public Recipient(long workspaceId, long campaignId, long contactId) {
            this(workspaceId, campaignId, contactId, null);
        }

        byte[] claim() {
            return TokenSigner.numbers(workspaceId, campaignId, contactId);
        }

        static Recipient of(ByteBuffer claim) {
            return new Recipient(
                    TokenSigner.number(claim),
                    TokenSigner.number(claim),
                    TokenSigner.number(claim));
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
        TokenKeys.NumberedKey key = launched == null ? keys.newest() : keys.at(launched);
        byte[] signature = key.signer().signature(joined(numbers, address));
        byte[] token = joined(joined(numbers, key.signer().masked(signature, address)), signature);
        return TokenSigner.encoded(TokenKeys.named(NAMED, key.number(), token));
    }

    /** Empty unless this installation made the token. */
    public Optional<Recipient> read(String token) {
        byte[] bytes = TokenSigner.decoded(token);
        return bytes.length > LONGEST
                ? Optional.empty()
                : keys.read(NAMED, bytes).flatMap(named -> read(named.signer(), named.token()));
    }

    private static Optional<Recipient> read(TokenSigner tokenSigner, byte[] bytes) {
        if (bytes.length <= TokenSigner.WHOLE) {
            return Optional.empty();
        }
        byte[] signature =
                Arrays.copyOfRange(bytes, bytes.length - TokenSigner.WHOLE, bytes.length);
        ByteBuffer claim = ByteBuffer.wrap(bytes, 0, bytes.length - TokenSigner.WHOLE);
        Recipient recipient;
        try {
            recipient = Recipient.of(claim);
        } catch (BufferUnderflowException notOurs) {
            return Optional.empty();
        }
        byte[] numbers = Arrays.copyOf(bytes, claim.position());
        byte[] address =
                tokenSigner.masked(
                        signature,
                        Arrays.copyOfRange(
                                bytes, claim.position(), bytes.length - TokenSigner.WHOLE));
        return MessageDigest.isEqual(signature, tokenSigner.signature(joined(numbers, address)))
                ? Optional.of(recipient.at(address))
                : Optional.empty();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
