package io.mailgenius.jobs.workspaces;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Networks from which a credential may be used. */
public final class Networks {

    private Networks() {}

    /**
     * In CIDR notation, as PostgreSQL takes them: the bits behind the prefix are zero.
     *
     * @throws Refusal.Invalid if one of them is no network
     */
    public static List<String> of(@Nullable List<String> given) {
        return given == null
                ? List.of()
                : given.stream().map(Networks::network).distinct().toList();
    }

    private static String network(String given) {
        String[] parts = given.strip().split("/", 2);
        try {
            byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
            int bits = parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1]);
            if (!parts[0].contains("%") && bits >= 0 && bits <= address.length * 8) {
                for (int bit = bits; bit < address.length * 8; bit++) {
                    address[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
                }
                return InetAddress.getByAddress(address).getHostAddress() + "/" + bits;
            }
        } catch (IllegalArgumentException | UnknownHostException unreadable) {
            // Refused below.
        }
        throw new Refusal.Invalid(
                "network-invalid",
                "\"%s\" is no network: write it as 192.0.2.0/24 or 2001:db8::/32."
                        .formatted(given.length() > 60 ? given.substring(0, 60) + "…" : given));
    }
}
