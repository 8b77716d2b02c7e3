package io.mailgenius.jobs.contacts.addresses;

import java.util.Set;

/** Recognises valid addresses that deserve a second look. */
final class AddressKinds {

    /** RFC 2142, and common additions in English and Portuguese. */
    private static final Set<String> ROLES =
            Set.of(
                    "abuse",
                    "admin",
                    "administrator",
                    "billing",
                    "contact",
                    "contato",
                    "contacto",
                    "comercial",
                    "ceo",
                    "financeiro",
                    "ftp",
                    "help",
                    "hostmaster",
                    "info",
                    "jobs",
                    "mailer-daemon",
                    "marketing",
                    "news",
                    "newsletter",
                    "no-reply",
                    "noc",
                    "noreply",
                    "office",
                    "postmaster",
                    "press",
                    "root",
                    "rh",
                    "sales",
                    "sac",
                    "security",
                    "suporte",
                    "support",
                    "team",
                    "usenet",
                    "vendas",
                    "webmaster",
                    "www");

    private static final Set<String> DISPOSABLE =
            Set.of(
                    "10minutemail.com",
                    "discard.email",
                    "dispostable.com",
                    "emailondeck.com",
                    "fakeinbox.com",
                    "getairmail.com",
                    "getnada.com",
                    "grr.la",
                    "guerrillamail.com",
                    "guerrillamail.net",
                    "guerrillamail.org",
                    "guerrillamailblock.com",
                    "inboxkitten.com",
                    "mailcatch.com",
                    "maildrop.cc",
                    "mailinator.com",
                    "mailnesia.com",
                    "mailnull.com",
                    "mintemail.com",
                    "moakt.com",
                    "mohmal.com",
                    "mytemp.email",
                    "sharklasers.com",
                    "spam4.me",
                    "spambox.us",
                    "spamgourmet.com",
                    "temp-mail.org",
                    "tempail.com",
                    "tempmail.com",
                    "tempmailo.com",
                    "throwawaymail.com",
                    "trashmail.com",
                    "trashmail.de",
                    "yopmail.com",
                    "yopmail.fr",
                    "yopmail.net");

    private AddressKinds() {}

    static boolean isRole(String address) {
        String local = address.substring(0, address.lastIndexOf('@'));
        int tag = local.indexOf('+');
        return ROLES.contains(tag < 0 ? local : local.substring(0, tag));
    }

    static boolean isDisposable(String domain) {
        return DISPOSABLE.contains(domain);
    }
}
