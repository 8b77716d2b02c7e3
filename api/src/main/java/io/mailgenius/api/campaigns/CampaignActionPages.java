package io.mailgenius.api.campaigns;

import io.mailgenius.api.access.Caller;
import io.mailgenius.console.pages.ApiCall;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.Question;
import io.mailgenius.console.pages.Questions;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.schema.CampaignStatus;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** Pausing, resuming and cancelling a campaign in the console; each asks first. */
@Controller
class CampaignActionPages {

    private final Campaigns campaigns;
    private final CampaignLifecycle lifecycle;
    private final Questions questions;

    CampaignActionPages(Campaigns campaigns, CampaignLifecycle lifecycle, Questions questions) {
        this.campaigns = campaigns;
        this.lifecycle = lifecycle;
        this.questions = questions;
    }

    /** What the status of a campaign permits. */
    static List<String> possible(CampaignStatus status) {
        return switch (status) {
            case SENDING -> List.of("pause", "cancel");
            case PAUSED -> List.of("resume", "cancel");
            case DRAFT, SCHEDULED -> List.of("cancel");
            case SENT, CANCELLED, FAILED -> List.of();
        };
    }

    @GetMapping("/campaigns/{id}/pause")
    ModelAndView askPause(HttpServletRequest request, @PathVariable long id) {
        return ask(request, id, "pause", "campaigns:write");
    }

    @PostMapping("/campaigns/{id}/pause")
    String pause(@PathVariable long id) {
        lifecycle.pause(id);
        return back(id);
    }

    @GetMapping("/campaigns/{id}/resume")
    ModelAndView askResume(HttpServletRequest request, @PathVariable long id) {
        return ask(request, id, "resume", "campaigns:send");
    }

    @PostMapping("/campaigns/{id}/resume")
    String resume(@PathVariable long id) {
        lifecycle.resume(id);
        return back(id);
    }

    @GetMapping("/campaigns/{id}/cancel")
    ModelAndView askCancel(HttpServletRequest request, @PathVariable long id) {
        return ask(request, id, "cancel", "campaigns:write");
    }

    @PostMapping("/campaigns/{id}/cancel")
    String cancel(@PathVariable long id) {
        lifecycle.cancel(id);
        return back(id);
    }

    private ModelAndView ask(
            HttpServletRequest request, long id, String action, String permission) {
        Frame frame = questions.frame(request);
        CampaignView campaign = campaigns.find(id);
        CampaignView.Counts counts = campaign.counts();
        long left = counts.recipients() - counts.sent() - counts.failed() - counts.skipped();
        String path = "/campaigns/" + id + "/" + action;
        Question question =
                new Question(
                                frame.text("campaign.ask." + action + ".title", campaign.name()),
                                List.of(
                                        frame.text(
                                                "campaign.ask." + action + ".does",
                                                frame.number(Math.max(0, left))),
                                        frame.text("campaign.ask." + action + ".then")),
                                path,
                                frame.text("campaign.action." + action),
                                "/campaigns/" + id)
                        .withoutReason()
                        .asCall(new ApiCall("POST", path, null));
        if (action.equals("cancel")) {
            question = question.harmfully();
        }
        if (!Caller.current().may(permission)) {
            question = question.refusedFor(frame.text("campaign.refused", permission));
        } else if (!possible(campaign.status()).contains(action)) {
            question =
                    question.refusedFor(
                            frame.text("refused.state", frame.text("state." + campaign.status())));
        }
        return questions.ask(request, question);
    }

    private static String back(long id) {
        return "redirect:/campaigns/" + id + "?done";
    }
}
