package io.mailgenius.api.webhooks;

import io.mailgenius.api.hosted.TrackedMails;
import io.mailgenius.api.openapi.PathsOfFilters;
import io.mailgenius.api.problems.Problems;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.tracking.TrackingResponder;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.UrlHandlerFilter;

@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    @Bean
    FilterRegistrationBean<ResendWebhooks> resendWebhooks(
            Events events, ProviderAccounts accounts, Problems problems) {
        var filter = new FilterRegistrationBean<>(new ResendWebhooks(events, accounts, problems));
        filter.addUrlPatterns(ResendWebhooks.PATH, ResendWebhooks.PATH + "/*");
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    @Bean
    FilterRegistrationBean<TrackedMails> trackedMails(
            TrackingResponder trackingResponder, Problems problems) {
        var filter = new FilterRegistrationBean<>(new TrackedMails(trackingResponder, problems));
        filter.addUrlPatterns(TrackedMails.CLICK + "*", TrackedMails.OPEN + "*");
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    /** Ignores a slash after a token, which some mail clients include in the link. */
    @Bean
    FilterRegistrationBean<UrlHandlerFilter> slashesBehindTokens() {
        var filter =
                new FilterRegistrationBean<>(
                        UrlHandlerFilter.trailingSlashHandler("/u/*/", "/p/*/", "/c/*/")
                                .wrapRequest()
                                .build());
        filter.addUrlPatterns("/u/*", "/p/*", "/c/*");
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    /**
     * Documents the endpoint, which has no controller. Runs before the customizer that adds the
     * problems.
     */
    @Bean
    PathsOfFilters resendWebhook() {
        PathItem path = new PathItem().post(received("receive", "A signed event of the provider"));
        Operation ofAccount =
                received("receiveOfAccount", "The same of a workspace's own provider account")
                        .addParametersItem(
                                new PathParameter().name("account").schema(new StringSchema()));
        ofAccount
                .getResponses()
                .addApiResponse("404", new ApiResponse().description("There is no such account"));
        PathItem pathOfAccount = new PathItem().post(ofAccount);
        return paths -> {
            paths.addPathItem(ResendWebhooks.PATH, path);
            paths.addPathItem(ResendWebhooks.PATH + "/{account}", pathOfAccount);
        };
    }

    private static Operation received(String id, String summary) {
        Operation operation =
                new Operation()
                        .operationId(id)
                        .addTagsItem("resend-webhooks")
                        .summary(summary)
                        .responses(
                                new ApiResponses()
                                        .addApiResponse(
                                                "204", new ApiResponse().description("Stored")));
        for (String header :
                List.of(
                        "svix-id",
                        "svix-timestamp",
                        "svix-signature",
                        "webhook-id",
                        "webhook-timestamp",
                        "webhook-signature")) {
            operation.addParametersItem(
                    new HeaderParameter().name(header).schema(new StringSchema()));
        }
        return operation;
    }

    /** The same for the tracking endpoints. */
    @Bean
    PathsOfFilters trackedMail() {
        PathItem click =
                tracked(
                        "click",
                        "A tracked link, which redirects to its target",
                        "302",
                        "Redirects to the target");
        PathItem open = tracked("open", "The tracking pixel", "200", "An image of one pixel");
        return paths -> {
            paths.addPathItem(TrackedMails.CLICK + "{token}", click);
            paths.addPathItem(TrackedMails.OPEN + "{token}", open);
        };
    }

    private static PathItem tracked(String id, String summary, String status, String answer) {
        return new PathItem()
                .get(
                        new Operation()
                                .operationId(id)
                                .addTagsItem("tracked-mails")
                                .summary(summary)
                                .addParametersItem(
                                        new PathParameter()
                                                .name("token")
                                                .schema(new StringSchema()))
                                .responses(
                                        new ApiResponses()
                                                .addApiResponse(
                                                        status,
                                                        new ApiResponse().description(answer))
                                                .addApiResponse(
                                                        "404",
                                                        new ApiResponse()
                                                                .description(
                                                                        "The token is invalid"))));
    }
}
