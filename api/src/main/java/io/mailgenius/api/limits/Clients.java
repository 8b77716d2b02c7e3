package io.mailgenius.api.limits;

import java.net.InetAddress;
import java.util.Arrays;

/** Tells clients apart by their addresses. */
public final class Clients {

    /** Bytes of an IPv6 address that name a network: one client usually has all 2^64 behind. */
    private static final int NETWORK = 8;

    private Clients() {}

    /** The address of IPv4, or the network of an address of IPv6; any other text as it is. */
    public static String network(String ip) {
        if (ip.indexOf(':') < 0) {
            return ip;
        }
        try {
            byte[] address = InetAddress.ofLiteral(ip).getAddress();
            return address.length > NETWORK
                    ? Arrays.toString(Arrays.copyOf(address, NETWORK))
                    : Arrays.toString(address);
        } catch (IllegalArgumentException noAddress) {
            return ip;
        }
    }
}
