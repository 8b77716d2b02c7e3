package io.mailgenius.api.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Pages show only what whoever looks at them may do. */
@Configuration(proxyBeanMethods = false)
class CallerInModel implements WebMvcConfigurer, HandlerInterceptor {

    private final OidcProvider provider;

    CallerInModel(OidcProvider provider) {
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
        if (page != null
                && page.getViewName() != null
                && !page.getViewName().startsWith("redirect:")
                && SecurityContextHolder.getContext().getAuthentication()
                        instanceof CallerAuthentication known) {
            page.addObject("caller", known.caller());
        }
    }
}
