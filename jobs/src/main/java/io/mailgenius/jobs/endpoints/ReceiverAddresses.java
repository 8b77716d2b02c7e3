package io.mailgenius.jobs.endpoints;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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
        return privateAllowed || isPublic(address);
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return switch (address) {
            case Inet4Address v4 -> isPublic(v4.getAddress());
            case Inet6Address v6 -> isPublic6(v6.getAddress());
            default -> false;
        };
    }

    /** By the registry of special-purpose addresses of the IANA. */
    private static boolean isPublic(byte[] v4) {
        int a = v4[0] & 0xff;
        int b = v4[1] & 0xff;
        int c = v4[2] & 0xff;
        return a != 0
                && a != 10
                && a != 127
                && a < 224
                && !(a == 100 && b >= 64 && b < 128)
                && !(a == 169 && b == 254)
                && !(a == 172 && b >= 16 && b < 32)
                && !(a == 192 && b == 0 && (c == 0 || c == 2))
                && !(a == 192 && b == 88 && c == 99)
                && !(a == 192 && b == 168)
                && !(a == 198 && (b == 18 || b == 19))
                && !(a == 198 && b == 51 && c == 100)
                && !(a == 203 && b == 0 && c == 113);
    }

    /** Global unicast alone; of addresses that carry one of IPv4, that one counts. */
    private static boolean isPublic6(byte[] v6) {
        int first = (v6[0] & 0xff) << 8 | v6[1] & 0xff;
        int second = (v6[2] & 0xff) << 8 | v6[3] & 0xff;
        if (first == 0x0064 && second == 0xff9b) {
            boolean wellKnown = true;
            for (int i = 4; i < 12; i++) {
                wellKnown &= v6[i] == 0;
            }
            return wellKnown && isPublic(Arrays.copyOfRange(v6, 12, 16));
        }
        if (first == 0x2002) {
            return isPublic(Arrays.copyOfRange(v6, 2, 6));
        }
        boolean documentation = first == 0x2001 && second == 0x0db8;
        boolean special = first == 0x2001 && second < 0x0200;
        return (first & 0xe000) == 0x2000 && !documentation && !special;
    }
}
