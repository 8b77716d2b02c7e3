package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.campaigns.CampaignStore.Stored;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateView;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.CampaignStatus;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The content of a campaign, its own or that of a template: as it stands now, and frozen. */
@Component
final class CampaignContent {

    private final CampaignStore campaigns;
    private final Templates templates;
    private final WorkspaceSettings workspace;
    private final Brands brands;
    private final TemplateCompiler compiler;

    CampaignContent(
            CampaignStore campaigns,
            Templates templates,
            WorkspaceSettings workspace,
            Brands brands,
            TemplateCompiler compiler) {
        this.campaigns = campaigns;
        this.templates = templates;
        this.workspace = workspace;
        this.brands = brands;
        this.compiler = compiler;
    }

    /**
     * The HTML of a draft's own content; null if a template provides it.
     *
     * @throws Refusal if the template does not exist, or the content does not parse
     */
    @Nullable String html(CampaignDraft draft) {
        if (draft.templateId() != null) {
            templates.find(draft.templateId());
        }
        TemplateSource own =
                TemplateSource.of(draft.subject(), draft.mjml(), draft.html(), draft.text());
        String html = compiler.html(own);
        if (!html.isEmpty() || own.text() != null) {
            compiler.compile(TemplateSource.html(own.subject(), html, own.text()));
        }
        return html.isEmpty() ? null : html;
    }

    /** The content as it stands now, with the newest version of its template. */
    FrozenCampaign of(Stored stored) {
        FrozenCampaign own = branded(stored.content());
        if (own.html() != null || own.text() != null) {
            return own;
        }
        TemplateView template = templates.find(Objects.requireNonNull(stored.templateId()));
        return own.saying(template.html(), template.source().text());
    }

    private FrozenCampaign branded(FrozenCampaign content) {
        String ofWorkspace = workspace.find().postalAddress();
        Long id = content.brand().id();
        if (id == null) {
            return content.from(ofWorkspace, content.brand());
        }
        BrandView brand = brands.find(id);
        return content.from(
                brand.postalAddress() == null ? ofWorkspace : brand.postalAddress(),
                new FrozenCampaign.Brand(id, brand.name(), brand.trackingDomain()));
    }

    /**
     * Freezes the content and marks the campaign as sending.
     *
     * @return false if the campaign is in another state, which changes nothing
     */
    boolean freeze(FrozenCampaign content, CampaignStatus from, Instant now) {
        if (!campaigns.begin(content, from, now)) {
            return false;
        }
        String html = content.html() == null ? "" : content.html();
        campaigns.link(content.id(), compiler.links(html, content.utm()));
        return true;
    }
}
