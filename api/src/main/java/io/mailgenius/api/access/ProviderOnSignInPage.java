package io.mailgenius.api.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The sign-in page offers the OpenID Connect provider, whichever handler shows it. */
@Configuration(proxyBeanMethods = false)
class ProviderOnSignInPage implements WebMvcConfigurer, HandlerInterceptor {

    private final OidcProvider provider;

    ProviderOnSignInPage(OidcProvider provider) {
        this.provider = provider;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).excludePathPatterns("/api/**");
    }

    @Override
    public void postHandle(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable ModelAndView page) {
        if (page != null && "sign-in".equals(page.getViewName()) && provider.configured()) {
            page.addObject("elsewhere", provider.name());
        }
    }
}
