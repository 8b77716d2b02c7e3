package io.mailgenius.api.problems;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * Tomcat has applied what a proxy says of a request by then. Libraries behind read the headers
 * again, whoever sent them, and fail on a port that is no number.
 */
@Configuration(proxyBeanMethods = false)
class ForwardedHeaders {

    @Bean
    FilterRegistrationBean<ForwardedHeaderFilter> appliedForwardedHeaders() {
        ForwardedHeaderFilter filter = new ForwardedHeaderFilter();
        filter.setRemoveOnly(true);
        var registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Filters.FORWARDED_HEADERS);
        return registration;
    }
}
