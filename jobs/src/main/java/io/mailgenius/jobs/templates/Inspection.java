package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.links.WebAddress;
import io.mailgenius.jobs.templates.liquid.LiquidSpans;
import io.mailgenius.jobs.templates.liquid.LiquidSpans.Span;
import io.mailgenius.jobs.templates.liquid.TemplateProblem;
import io.mailgenius.jobs.templates.mjml.MjmlAttributes;
import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** Checks a mail as it renders for a sample contact, before it is sent. */
final class Inspection {

    /** Gmail clips larger messages, which can hide the unsubscribe link. */
    private static final int CLIPPED = 102 * 1024;

    private static final int MAX_FINDINGS_PER_CODE = 20;
    private static final String LINKS = "a[href], area[href]";
    private static final Pattern ABSOLUTE =
            Pattern.compile("(?is)mailto:\\S.*|tel:\\S.*|sms:\\S.*|#.+");

    private final CompiledTemplate template;
    private final String html;
    private final Sender sender;
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Map<String, Integer> kinds = new HashMap<>();

    /**
     * @param html the page, Liquid included
     */
    Inspection(CompiledTemplate template, String html, Sender sender) {
        this.template = template;
        this.html = html;
        this.sender = sender;
    }

    List<Finding> findings() {
        RenderedMail mail;
        try {
            mail = template.render(SampleContact.variables(sender.postalAddress()));
        } catch (Refusal.Invalid e) {
            return List.of(Finding.error(e.problem(), "html", String.valueOf(e.getMessage())));
        }
        Document page = Jsoup.parse(mail.html());
        subject(mail);
        unsubscribing(mail, page);
        postalAddress(mail, page);
        variables();
        links(page);
        size(mail);
        pictures(page);
        mjml();
        return new ArrayList<>(findings);
    }

    private void subject(RenderedMail mail) {
        if (!mail.subject().isEmpty()) {
            return;
        }
        boolean depends =
                template.subjectVariables().stream().anyMatch(TemplateVariables::isOffered);
        add(
                depends
                        ? Finding.warning(
                                "subject-empty",
                                "subject",
                                "The subject is empty for contacts without the values that it uses; add a default, as in {{ contact.first_name | default: \"friend\" }}.")
                        : Finding.error(
                                "subject-empty", "subject", "The subject is empty; write one."));
    }

    private void unsubscribing(RenderedMail mail, Document page) {
        boolean linked =
                page.select(LINKS).stream()
                        .anyMatch(
                                link -> link.attr("href").contains(SampleContact.UNSUBSCRIBE_URL));
        if (!mail.html().isBlank() && !linked) {
            add(
                    Finding.error(
                            "unsubscribe-link-missing",
                            "html",
                            "The mail has no unsubscribe link: put <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a> where every contact sees it."));
        }
        if (!mail.text().isBlank()
                && (mail.html().isBlank() || template.hasText())
                && !mail.text().contains(SampleContact.UNSUBSCRIBE_URL)) {
            add(
                    Finding.error(
                            "unsubscribe-link-missing",
                            "text",
                            "The text part has no unsubscribe link: put {{ unsubscribe_url }} where every contact sees it."));
        }
    }

    private void postalAddress(RenderedMail mail, Document page) {
        String address = sender.postalAddress();
        if (address == null) {
            String words =
                    "Mails must contain the postal address of their sender: set postalAddress of the workspace, and put {{ postal_address }} where every contact sees it.";
            add(
                    sender.postalAddressRequired()
                            ? Finding.error("postal-address-not-set", "workspace", words)
                            : Finding.warning("postal-address-not-set", "workspace", words));
            return;
        }
        if (!mail.html().isBlank() && !says(page.text(), address)) {
            add(addressMissing("html"));
        }
        if (!mail.text().isBlank()
                && (mail.html().isBlank() || template.hasText())
                && !says(mail.text(), address)) {
            add(addressMissing("text"));
        }
    }

    private static Finding addressMissing(String where) {
        return Finding.error(
                "postal-address-missing",
                where,
                "The mail has no postal address: put {{ postal_address }} where every contact sees it.");
    }

    /**
     * Compares letters and digits only, because line breaks and punctuation between them may
     * differ.
     */
    private static boolean says(String text, String address) {
        return bare(text).contains(bare(address));
    }

    private static String bare(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
    }

    private void variables() {
        for (String name : template.unknownVariables()) {
            add(
                    Finding.warning(
                            "unknown-variable",
                            name,
                            "No mail provides %s, so it is empty; check the spelling."
                                    .formatted(name)));
        }
    }

    private void links(Document page) {
        Set<String> unknown = new HashSet<>(template.unknownVariables());
        LiquidSpans liquid = LiquidSpans.of(html);
        for (Element link :
                Parser.htmlParser()
                        .setTrackPosition(true)
                        .parseInput(liquid.blanked(), "")
                        .select(LINKS)) {
            var value = link.attributes().sourceRange("href").valueRange();
            for (Span span : liquid.within(value.startPos(), value.endPos())) {
                for (String name : unknown) {
                    if (usesVariable(liquid.text(span), name)) {
                        broken(
                                html.substring(value.startPos(), value.endPos()),
                                "No mail provides %s, which this link uses; check the spelling."
                                        .formatted(name));
                    }
                }
            }
        }
        for (Element link : page.select(LINKS)) {
            address(link, link.attr("href").strip());
        }
    }

    private void address(Element link, String address) {
        Optional<String> read = WebAddress.read(address);
        if (address.isEmpty()) {
            broken(
                    link.text(),
                    "The link is empty for contacts without the values that it uses; add an address or a default.");
        } else if (read.isPresent()) {
            if (WebAddress.isCorrected(address, read.get())) {
                add(
                        Finding.warning(
                                "link-mended",
                                "html: " + TemplateProblem.quoted(address),
                                "This address has blanks, line breaks or invalid characters; browsers read it as %s. Write it that way."
                                        .formatted(read.get())));
            }
        } else if (!ABSOLUTE.matcher(address).matches()) {
            broken(
                    address,
                    "A link in a mail must be absolute: begin it with https://, http:// or mailto:.");
        }
    }

    private static boolean usesVariable(String liquid, String name) {
        return Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w])")
                .matcher(liquid)
                .find();
    }

    private void broken(String what, String words) {
        add(Finding.warning("broken-link", "html: " + TemplateProblem.quoted(what), words));
    }

    private void size(RenderedMail mail) {
        int bytes = mail.html().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > CLIPPED) {
            add(
                    Finding.warning(
                            "html-too-long",
                            "html",
                            String.format(
                                    Locale.ROOT,
                                    "The page has %,d KB; Gmail clips it after 102 KB, which may hide the unsubscribe link. Shorten it.",
                                    bytes / 1024)));
        }
    }

    private void pictures(Document page) {
        for (Element picture : page.select("img:not([alt])")) {
            add(
                    Finding.warning(
                            "image-without-alt",
                            "html: " + TemplateProblem.quoted(picture.attr("src")),
                            "Many mail clients block images: describe it in alt, or set alt=\"\" if it is decorative."));
        }
    }

    private void mjml() {
        for (String what : MjmlAttributes.noted(html)) {
            add(
                    Finding.warning(
                            "unknown-mjml-attribute",
                            "mjml: " + TemplateProblem.quoted(what),
                            "MJML has no attribute %s and drops it; check the spelling."
                                    .formatted(what)));
        }
    }

    /** Limits the findings per code, because a loop can repeat one problem 10,000 times. */
    private void add(Finding finding) {
        if (!findings.contains(finding)
                && kinds.merge(finding.code(), 1, Integer::sum) <= MAX_FINDINGS_PER_CODE) {
            findings.add(finding);
        }
    }
}
