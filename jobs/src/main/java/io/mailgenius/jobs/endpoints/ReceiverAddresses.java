package io.mailgenius.jobs.endpoints;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * Looks up receivers, and leaves out addresses that only this network reaches, so that nobody uses
 * webhooks to call what stands behind the firewall. The connection is made to the addresses that
 * were checked, since a second look-up could answer something else.
 */
final class ReceiverAddresses implements Dns {

    private final boolean privateAllowed;

    /**
     * @param privateAllowed whether receivers may stand in this network
     */
    ReceiverAddresses(boolean privateAllowed) {
        this.privateAllowed = privateAllowed;
    }

    boolean privateAllowed() {
        return privateAllowed;
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> all = Dns.SYSTEM.lookup(host);
        List<InetAddress> allowed = all.stream().filter(this::isAllowed).toList();
        if (allowed.isEmpty()) {
            throw new UnknownHostException(
                    host + " has private addresses alone, which are not called");
        }
        return allowed;
    }

    /**
     * Whether it is the literal of an address that is not called; OkHttp does not look these up.
     */
    boolean refuses(String host) {
        boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        if (!literal) {
            return !privateAllowed && (host.equals("localhost") || host.endsWith(".localhost"));
        }
        try {
            return !isAllowed(InetAddress.getByName(host));
        } catch (UnknownHostException noAddress) {
            return true;
        }
    }

    private boolean isAllowed(InetAddress address) {
        return privateAllowed || PublicAddresses.isPublic(address);
    }
}
