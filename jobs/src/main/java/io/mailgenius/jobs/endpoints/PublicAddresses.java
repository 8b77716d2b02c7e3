package io.mailgenius.jobs.endpoints;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** Which addresses mean the same server everywhere on the Internet. */
public final class PublicAddresses {

    private PublicAddresses() {}

    /** False for addresses of this host, of its network, or for documentation and multicast. */
    public static boolean isPublic(InetAddress address) {
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
        boolean documentation =
                first == 0x2001 && second == 0x0db8 || first == 0x3fff && second < 0x1000;
        boolean special = first == 0x2001 && second < 0x0200;
        return (first & 0xe000) == 0x2000 && !documentation && !special;
    }
}
