package io.mailgenius.jobs.events.bots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BotsTest {

    private static final Bots MACHINES = new Bots();
    private static final String SOMEWHERE = "192.0.2.1";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "apple-privacy | Mozilla/5.0",
                "scanner       | Barracuda Sentinel (EE)",
                "scanner       | TwinWaveScanner",
                "scanner       | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
                "scanner       | Expanse, a Palo Alto Networks company, searches across the global IPv4 space",
                "scanner       | Mozilla/5.0 (compatible; NetcraftSurveyAgent/1.0; +info@netcraft.com)",
                "scanner       | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36; +https://developers.cloudflare.com/security-center/",
                "bot           | Slack-ImgProxy (+https://api.slack.com/robots)",
                "bot           | Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com/kb/mail/yahoo-link-preview-SLN23615.html)",
                "bot           | MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview",
                "bot           | WhatsApp",
                "bot           | Viber",
                "bot           | meta-externalfetcher/1.1",
                "bot           | Iframely/1.3.1 (+https://iframely.com/docs/about) Atlassian",
                "bot           | Orlo-LinkPreview/1.0",
                "bot           | http.rb/2.2.2 (Mastodon/1.5.1; +https://example-masto-instance.org/)",
                "bot           | Googlebot-Image/1.0",
                "bot           | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Playwright/1.40",
                "bot           | AHC/2.1",
                "bot           | Scrapy/1.0.3 (+http://scrapy.org)",
                "bot           | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
                "bot           | Claude-User/1.0",
                "bot           | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36; Manus-User/1.0",
                "bot           | python-httpx/0.27.0",
                "bot           | GuzzleHttp/7",
                "bot           | PostmanRuntime/7.36.0",
                "bot           | undici",
                "bot           | PHP/8.2",
                "bot           | reqwest/0.11",
                "bot           | Dart/3.2 (dart:io)",
                "bot           | Twitterbot/1.0",
                "bot           | Discordbot/2.0",
                "bot           | SkypeUriPreview Preview/0.5",
                "bot           | Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
                "bot           | StatusCake",
                "bot           | kube-probe/1.28",
                "bot           | ELB-HealthChecker/2.0",
                "bot           | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36 GTmetrix",
                "bot           | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/91 Safari/537.36 (+https://nobody.example/knows-it)",
                "bot           | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/91 Safari/537.36 www.nobody.example",
                "bot           | Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/115.0 (ops@nobody.example)",
                "bot           | Mozilla/5.0 (compatible; NeverHeardOfIt/1.0)",
                "bot           | Mozilla/5.0 (Windows NT 6.1; rv:38.0) Gecko/20100101 Firefox/38.0 (SomeNewBot 1.1)",
                "bot           | ``"
            })
    void bots_are_recognised_by_user_agent(String kind, String agent) {
        assertThat(MACHINES.kind(agent, SOMEWHERE)).isEqualTo(kind);
    }

    /** Includes image proxies, which load a picture when a person opens the mail. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
                "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
                "FastmailUA/1.0",
                "Shortwave Image Fetcher",
                "Amazon CloudFront",
                "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Mobile Safari/537.36",
                "Mozilla/5.0 (Linux; Android 10; CUBOT_NOTE_20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Mobile Safari/537.36",
                "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
                "Mozilla/5.0 (compatible; Konqueror/4.5; FreeBSD) KHTML/4.5.4 (like Gecko)",
                "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
                "BlackBerry9700/5.0.0.862 Profile/MIDP-2.1 Configuration/CLDC-1.1 VendorID/331",
                "Dalvik/2.1.0 (Linux; U; Android 9; SM-G960F Build/PPR1.180610.011)",
                "Mail/3654.120.0.1.13 CFNetwork/1240.0.4 Darwin/20.6.0",
                "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)",
                "Microsoft-MacOutlook/16.37.20051002 (Intelx64 Mac OS X Version 10.15.4)",
                "Outlook-iOS/709.2189947.prod.iphone (3.24.0)",
                "Lotus-Notes/6.0 (Windows-NT)",
                "eM_Client/9.2.2157.0",
                "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.35.131 Chrome/120.0.6099.109 Electron/28.0.0 Safari/537.36",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.28.7586",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0",
                "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
                "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;MetaIAB Facebook]",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
            })
    void people_are_not_recognised_as_bots(String agent) {
        assertThat(MACHINES.kind(agent, SOMEWHERE)).isNull();
    }

    /** The client controls the user agent and its length. */
    @ParameterizedTest
    @ValueSource(strings = {"a-", "a.", "bot-", "(((", "compatible;", "+a@", "x.com/"})
    void a_long_user_agent_is_classified_at_once(String part) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> MACHINES.kind("Mozilla/5.0 " + part.repeat(100_000), SOMEWHERE));
    }
}
