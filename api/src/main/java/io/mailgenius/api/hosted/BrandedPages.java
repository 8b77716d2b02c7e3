package io.mailgenius.api.hosted;

import io.mailgenius.api.access.BrowserPolicy;
import io.mailgenius.jobs.campaigns.BrandView;
import io.mailgenius.jobs.campaigns.Brands;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.ModelAndView;

/** Shows the name, the logo and the colour of the campaign's brand on the pages of its readers. */
@Component
final class BrandedPages {

    private final Brands brands;

    BrandedPages(Brands brands) {
        this.brands = brands;
    }

    /** Adds the brand, if the campaign has one. */
    ModelAndView show(ModelAndView page, Recipient recipient, HttpServletResponse response) {
        try {
            WorkspaceScope.call(
                            recipient.workspaceId(),
                            () -> brands.ofCampaign(recipient.campaignId()))
                    .ifPresent(brand -> show(page, brand, response));
        } catch (DataAccessException | TransactionException away) {
            // Whoever wants to unsubscribe is shown the page nevertheless.
        }
        return page;
    }

    private static void show(ModelAndView page, BrandView brand, HttpServletResponse response) {
        page.addObject("brand", brand);
        if (brand.color() != null) {
            String style =
                    ".btn-primary,.btn-primary:hover{background-color:%1$s;border-color:%1$s}a{color:%1$s}"
                            .formatted(brand.color());
            page.addObject("brandStyle", style);
            response.setHeader("Content-Security-Policy", BrowserPolicy.pageWithStyle(style));
        }
    }
}
