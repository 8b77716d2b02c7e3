package io.mailgenius.jobs.events.machines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachinesTest {

    private static final Machines MACHINES = new Machines();
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
                "bot           | Amazon CloudFront",
                "bot           | Scrapy/1.0.3 (+http://scrapy.org)",
                "bot           | ``"
            })
    void programs_are_told_by_their_names(String kind, String agent) {
        assertThat(MACHINES.kind(agent, SOMEWHERE)).isEqualTo(kind);
    }

    /** Of them, image proxies load a picture when a person opens the mail. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
                "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
                "FastmailUA/1.0",
                "Shortwave Image Fetcher",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0",
                "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
                "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;MetaIAB Facebook]",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
            })
    void people_are_not(String agent) {
        assertThat(MACHINES.kind(agent, SOMEWHERE)).isNull();
    }
}
