package io.mailgenius.jobs.delivery.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of tracked links. {@code mail} identifies the recipient and is made once per mail; {@code
 * mail.code} identifies one of the campaign's links as well. The code of a link is the same in all
 * mails of a campaign, so it is made once. The code of a link that was not in a recipient's mail
 * cannot be guessed. A URL that belongs to one recipient is part of the token, signed for this
 * recipient.
 *
 * <p>Tokens never expire, because mails are kept for years.
 */
public final class TrackingTokens {

    /** Signed as well, so that one kind of claim is never taken for another. */
    private static final byte[] MAIL = {'M'};

    private static final byte LISTED = 0;
    private static final byte OWN = 1;

    /** 64 bits are enough for a link whose target the mail could have named anyway. */
    private static final int CODE = 8;

    /** No mail's token begins with it otherwise, because no workspace has the number 0. */
    private static final byte NAMED = 0;

    /** The other codes begin with 0 or 1. */
    private static final byte NAMED_CODE = 2;

    private static final int LONGEST_MAIL = 72;
    private static final int LONGEST = 12_000;

    private final TokenKeys keys;
    private final @Nullable Instant launched;

    public TrackingTokens(byte[] secret) {
        this(TokenKeys.of(secret));
    }

    public TrackingTokens(TokenKeys keys) {
        this(keys, null);
    }

    private TrackingTokens(TokenKeys keys, @Nullable Instant launched) {
        this.keys = keys;
        this.launched = launched;
    }

    /** For mails of a campaign that was launched then; see {@link TokenKeys#at}. */
    public TrackingTokens at(@Nullable Instant moment) {
        return new TrackingTokens(keys, moment);
    }

    private String signed(byte mark, byte[] context, byte[] claim, int bytes) {
        TokenKeys.NumberedKey key = launched == null ? keys.newest() : keys.at(launched);
        return TokenSigner.encoded(
                TokenKeys.named(mark, key.number(), key.signer().sealed(context, claim, bytes)));
    }

    /** The target of a token. */
    public sealed interface Target {

        Recipient recipient();

        /** The number of the link. */
        int link();

        /** A link that was stored when the campaign was launched. */
        record Listed(Recipient recipient, int link) implements Target {}

        /** A URL of this recipient, which was signed. */
        record Own(Recipient recipient, int link, String url) implements Target {}
    }

    public String mail(Recipient recipient) {
        return signed(NAMED, MAIL, recipient.claim(), TokenSigner.WHOLE);
    }

    /** The same for all recipients. */
    public String code(long workspaceId, long campaignId, int link) {
        return signed(
                NAMED_CODE,
                context('L', TokenSigner.numbers(workspaceId, campaignId)),
                claim(LISTED, link),
                CODE);
    }

    public String code(Recipient recipient, int link, String url) {
        byte[] address = url.getBytes(UTF_8);
        byte[] claim = claim(OWN, link);
        byte[] whole = Arrays.copyOf(claim, claim.length + address.length);
        System.arraycopy(address, 0, whole, claim.length, address.length);
        return signed(NAMED_CODE, context('U', recipient.claim()), whole, TokenSigner.WHOLE);
    }

    private static byte[] claim(byte kind, int link) {
        return context((char) kind, TokenSigner.numbers(link));
    }

    private static byte[] context(char kind, byte[] of) {
        byte[] context = new byte[of.length + 1];
        context[0] = (byte) kind;
        System.arraycopy(of, 0, context, 1, of.length);
        return context;
    }

    /** The recipient of the mail; empty unless this installation made the token. */
    public Optional<Recipient> mail(String token) {
        return token.length() > LONGEST_MAIL
                ? Optional.empty()
                : keys.read(NAMED, TokenSigner.decoded(token))
                        .flatMap(it -> it.signer().opened(MAIL, it.token(), TokenSigner.WHOLE))
                        .map(ByteBuffer::wrap)
                        .map(Recipient::of);
    }

    /** The recipient and target of the link; empty unless this installation made both halves. */
    public Optional<Target> link(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] code = TokenSigner.decoded(token.substring(dot + 1));
        return mail(token.substring(0, dot))
                .flatMap(
                        recipient ->
                                keys.read(NAMED_CODE, code)
                                        .flatMap(it -> target(it.signer(), recipient, it.token())));
    }

    private static Optional<Target> target(TokenSigner tokenSigner, Recipient of, byte[] code) {
        if (code.length == 0) {
            return Optional.empty();
        }
        if (code[0] == LISTED) {
            byte[] context = context('L', TokenSigner.numbers(of.workspaceId(), of.campaignId()));
            return tokenSigner
                    .opened(context, code, CODE)
                    .map(claim -> new Target.Listed(of, number(ByteBuffer.wrap(claim))));
        }
        return tokenSigner
                .opened(context('U', of.claim()), code, TokenSigner.WHOLE)
                .map(ByteBuffer::wrap)
                .map(claim -> new Target.Own(of, number(claim), UTF_8.decode(claim).toString()));
    }

    private static int number(ByteBuffer claim) {
        claim.get();
        return (int) TokenSigner.number(claim);
    }
}
