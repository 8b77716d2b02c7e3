package io.mailgenius.jobs.alerts;

import io.mailgenius.jobs.endpoints.PublicAddresses;
import io.mailgenius.jobs.workspaces.Refusal;
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
final class AlertReceivers implements Dns {

    private static final int LONGEST_URL = 2_000;

    private final boolean anywhere;

    /**
     * @param anywhere whether webhooks may also go to private addresses, and over HTTP
     */
    AlertReceivers(@Value("${mailgenius.alert-webhooks-anywhere:false}") boolean anywhere) {
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
            if (!anywhere && !PublicAddresses.isPublic(address)) {
                throw new UnknownHostException(host + " is not a public address");
            }
        }
        return addresses;
    }
}
