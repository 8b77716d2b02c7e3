package io.mailgenius.jobs.delivery.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands in tracked links. {@code mail} names the recipient and is made once per mail; {@code
 * mail.code} names one of the campaign's links as well. The code of a link is the same in all mails
 * of a campaign, so it is made once, and nobody can guess the code of a link that was not in their
 * mail. An address that belongs to one recipient comes along, signed for this recipient.
 *
 * <p>Never expires: mails are kept for years.
 */
public final class TrackingTokens {

    /** Signed so that one kind of claim can never pass for another. */
    private static final byte[] MAIL = {'M'};

    private static final byte LISTED = 0;
    private static final byte OWN = 1;

    /** 64 bits keep a link secret that leads where a mail might have led anyway. */
    private static final int CODE = 8;

    private static final int LONGEST_MAIL = 64;
    private static final int LONGEST = 12_000;

    private final TokenSigner tokenSigner;

    public TrackingTokens(byte[] secret) {
        this.tokenSigner = new TokenSigner(secret);
    }

    /** Where a token leads. */
    public sealed interface Target {

        Recipient recipient();

        /** The number of the link. */
        int link();

        /** To what was written down when the campaign was launched. */
        record Listed(Recipient recipient, int link) implements Target {}

        /** To an address of the recipient's own, which was signed. */
        record Own(Recipient recipient, int link, String url) implements Target {}
    }

    public String mail(Recipient recipient) {
        return tokenSigner.sealed(MAIL, recipient.claim(), TokenSigner.WHOLE);
    }

    /** The same for all recipients. */
    public String code(long workspaceId, long campaignId, int link) {
        return tokenSigner.sealed(
                context('L', TokenSigner.numbers(workspaceId, campaignId)),
                claim(LISTED, link),
                CODE);
    }

    public String code(Recipient recipient, int link, String url) {
        byte[] address = url.getBytes(UTF_8);
        byte[] claim = claim(OWN, link);
        byte[] whole = Arrays.copyOf(claim, claim.length + address.length);
        System.arraycopy(address, 0, whole, claim.length, address.length);
        return tokenSigner.sealed(context('U', recipient.claim()), whole, TokenSigner.WHOLE);
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

    /** Whose mail it is; empty unless this installation made the token. */
    public Optional<Recipient> mail(String token) {
        return token.length() > LONGEST_MAIL
                ? Optional.empty()
                : tokenSigner
                        .opened(MAIL, TokenSigner.decoded(token), TokenSigner.WHOLE)
                        .map(ByteBuffer::wrap)
                        .map(Recipient::of);
    }

    /** Whose link it is and where it leads; empty unless both halves are ours. */
    public Optional<Target> link(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] code = TokenSigner.decoded(token.substring(dot + 1));
        return mail(token.substring(0, dot)).flatMap(recipient -> target(recipient, code));
    }

    private Optional<Target> target(Recipient of, byte[] code) {
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
