package io.mailgenius.jobs.alerts;

import io.mailgenius.jobs.workspaces.Refusal;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Where webhooks of alerts may go: to public addresses over HTTPS, so that nobody reaches servers
 * next to this installation by a rule. Names are resolved, judged and connected to in one step; a
 * name that means another address a moment later is judged anew.
 */
@Component
final class ReceiverAddresses implements Dns {

    private static final int LONGEST_URL = 2_000;

    private final boolean anywhere;

    /**
     * @param anywhere whether webhooks may also go to private addresses, and over HTTP
     */
    ReceiverAddresses(@Value("${mailgenius.alert-webhooks-anywhere:false}") boolean anywhere) {
        this.anywhere = anywhere;
    }

    /**
     * @throws Refusal.Invalid if no webhook can go there, whatever the name means
     */
    HttpUrl require(String url) {
        @Nullable HttpUrl parsed = url.length() > LONGEST_URL ? null : HttpUrl.parse(url);
        if (parsed == null || !parsed.username().isEmpty() || !parsed.password().isEmpty()) {
            throw invalid("it is not an address such as https://hooks.example.com/alerts");
        }
        if (!parsed.isHttps() && !anywhere) {
            throw invalid("it does not begin with https://");
        }
        if (isLiteral(parsed.host())) {
            try {
                lookup(parsed.host());
            } catch (UnknownHostException refused) {
                throw invalid(String.valueOf(refused.getMessage()));
            }
        }
        return parsed;
    }

    private static Refusal.Invalid invalid(String reason) {
        return new Refusal.Invalid(
                "alert-webhook-invalid", "\"webhookUrl\" cannot be used: %s.".formatted(reason));
    }

    /** OkHttp connects to these without asking for their addresses. */
    static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> addresses = Arrays.asList(InetAddress.getAllByName(host));
        for (InetAddress address : addresses) {
            if (!anywhere && !isPublic(address)) {
                throw new UnknownHostException(host + " is not a public address");
            }
        }
        return addresses;
    }

    /** Whether the address is one that the whole Internet means the same server by. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? isPublic4(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff)
                : isPublic6(bytes);
    }

    /** IANA's registry of special-purpose addresses, RFC 6890. */
    private static boolean isPublic4(int first, int second, int third) {
        return first != 0
                && first < 240
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 192 && second == 0 && (third == 0 || third == 2))
                && !(first == 192 && second == 88 && third == 99)
                && !(first == 198 && (second == 18 || second == 19))
                && !(first == 198 && second == 51 && third == 100)
                && !(first == 203 && second == 0 && third == 113);
    }

    /** Global unicast without the ranges that carry an IPv4 address, or are for documentation. */
    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        boolean global = (first & 0xe000) == 0x2000;
        return global
                && first != 0x2002
                && !(first == 0x2001 && (second == 0x0db8 || second < 0x0200))
                && !(first == 0x3fff && second < 0x1000);
    }
}
