package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlPageTest {
  private static final String NAUGHTY = "</script><img src=x onerror=alert(1)>";

  @TempDir private Path folder;

  /** A board of encoders with three seeds each, better and better; and one of another protocol. */
  private Path page(int encoders) throws IOException {
    Random random = new Random(1);
    List<StoredRunFinder.FoundRun> runs = new ArrayList<>();
    for (int i = 0; i < encoders; i++) {
      String name = i == 0 ? "random" : i == 1 ? NAUGHTY : "encoder-" + i;
      for (long seed = 0; seed < 3; seed++) {
        double ap = 0.1 + 0.8 * i / encoders + 0.01 * random.nextGaussian();
        add(runs, Runs.in(folder), name, seed, ap);
      }
    }
    add(runs, Runs.in(folder).protocol("other"), "encoder-7", 0, 0.5);
    List<StoredRunFinder.LeftOut> left =
        List.of(new StoredRunFinder.LeftOut(folder.resolve("x.json"), "damaged"));
    StoredRunFinder scan = new StoredRunFinder(runs, left);
    Leaderboard board =
        Leaderboard.of(scan, Map.of(), PublishedClaims.with(folder.resolve("none.csv")));
    Path page = folder.resolve("leaderboard.html");
    AtomicFile.write(page, new HtmlPage(board, new PageImages(0), runs, folder)::write);
    return page;
  }

  private void add(
      List<StoredRunFinder.FoundRun> runs, Runs from, String name, long seed, double ap) {
    Path file = folder.toAbsolutePath().resolve("run-" + seed + ".json");
    runs.add(new StoredRunFinder.FoundRun(file, "", from.imagined(name, seed, ap)));
  }

  @Test
  void file_needs_nothing_from_anywhere() throws IOException {
    String html = Files.readString(page(5));
    assertThat(html).contains("default-src 'none'").doesNotContain("/*DATA*/", "/*CSS*/", "/*JS*/");
    assertThat(html).doesNotContain("src=\"http", "href=\"http", "@import", "url(");
    assertThat(html).doesNotContain(NAUGHTY).containsIgnoringCase("\\u003c/script>");
  }

  @Test
  void keys_of_the_data_are_in_snake_case() throws IOException {
    String html = Files.readString(page(5));
    String data = html.substring(html.indexOf("id=\"board\""));
    data = data.substring(0, data.indexOf("</script>"));
    assertThat(data).contains("\"ci_low\":", "\"per_class\":", "\"left_out\":");
    assertThat(data)
        .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
  }

  private static Browser browser() throws Exception {
    assumeTrue(
        Browser.installed().isPresent(), "needs Debian's chromium and chromium-driver (.ci/run)");
    return Browser.start(Browser.installed().orElseThrow(), 1280, 900);
  }

  private static List<String> names(Browser browser) throws Exception {
    JsonNode names =
        browser.script(
            "return [...document.querySelectorAll('td.name button')].map(b => b.textContent)");
    List<String> list = new ArrayList<>();
    names.forEach(name -> list.add(name.asText()));
    return list;
  }

  @Test
  void real_browser_sorts_filters_and_opens_runs_without_a_request() throws Exception {
    Path page = page(12);
    try (Browser browser = browser()) {
      browser.open(page);
      assertThat(names(browser)).hasSize(12).startsWith("encoder-11").endsWith("random");
      assertThat(browser.script("return document.querySelector('tbody td').textContent").asText())
          .isNotEmpty();
      // By keyboard: to the heading of the encoders, and Enter.
      browser.script("document.querySelector('th[data-key=encoder] button').focus()");
      browser.press("\uE007");
      assertThat(names(browser)).startsWith(NAUGHTY, "encoder-10", "encoder-11");
      assertThat(
              browser
                  .script("return document.querySelector('th[data-key=encoder]').ariaSort")
                  .asText())
          .isEqualTo("ascending");
      browser.script("document.getElementById('filter').focus()");
      browser.press("encoder-1");
      assertThat(names(browser)).containsExactly("encoder-10", "encoder-11");
      browser.script("document.querySelector('td.name button').focus()");
      browser.press("\uE007");
      String detail =
          browser.script("return document.querySelector('tr.detail').innerText").asText();
      assertThat(detail).contains("Seed 0", "downstream eval", "c0ffee");
      browser.press("\uE007");
      assertThat(browser.script("return document.querySelector('tr.detail')").isNull()).isTrue();
      chooseMetricAndSection(browser);
      assertThat(browser.errors()).isEmpty();
      assertThat(browser.requests()).allMatch(url -> url.startsWith("file:"));
    }
  }

  private static void chooseMetricAndSection(Browser browser) throws Exception {
    browser.script(
        "const f = document.getElementById('filter'); f.value = ''; f.oninput();"
            + "const m = document.getElementById('metric'); m.value = 'error'; m.onchange();");
    // Lower is better: the same order.
    assertThat(names(browser)).startsWith("encoder-11").endsWith("random");
    browser.script("const s = document.getElementById('section'); s.value = 1; s.onchange();");
    assertThat(names(browser)).containsExactly("encoder-7");
  }

  /** Processor time of the page's thread, so that other processes cost nothing. */
  private static double secondsOfSorting(Browser browser, Path page, int rows) throws Exception {
    browser.open(page);
    assertThat(names(browser)).hasSize(rows);
    double least = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      double before = browser.threadSeconds();
      browser.script(
          "document.querySelector('th[data-key=encoder] button').click();"
              + "document.body.offsetHeight");
      least = Math.min(least, browser.threadSeconds() - before);
    }
    assertThat(browser.errors()).isEmpty();
    return least;
  }

  /** Ten times the rows take about ten times as long; of a page that is quadratic, 100 times. */
  @Test
  void thousand_rows_stay_quick() throws Exception {
    try (Browser browser = browser()) {
      double hundred = secondsOfSorting(browser, page(100), 100);
      double thousand = secondsOfSorting(browser, page(1000), 1000);
      System.out.printf("rows sorted: 100 in %.4f s, 1000 in %.4f s%n", hundred, thousand);
      assertThat(thousand).isLessThan(15 * hundred);
    }
  }

  @Test
  void fits_phone_and_desktop_light_and_dark() throws Exception {
    Path page = page(12);
    Path shots = Files.createDirectories(Path.of("target/screenshots"));
    try (Browser browser = browser()) {
      for (boolean dark : new boolean[] {false, true}) {
        for (boolean phone : new boolean[] {false, true}) {
          browser.screen(phone ? 390 : 1280, phone ? 844 : 1000, phone, dark);
          browser.open(page);
          browser.script("document.querySelector('td.name button').click()");
          // Only the table scrolls sideways, never the page.
          assertThat(browser.script("return document.documentElement.scrollWidth").asInt())
              .isLessThanOrEqualTo(phone ? 390 : 1280);
          String name = (phone ? "phone" : "desktop") + (dark ? "-dark" : "-light") + ".png";
          browser.screenshot(shots.resolve(name));
          assertThat(Files.size(shots.resolve(name))).isGreaterThan(10_000);
        }
      }
    }
  }
}
