package downstream.leaderboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Headless Chromium, driven over the W3C WebDriver protocol of the system's chromedriver. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process driver;
  private final URI session;
  private final HttpClient http;

  private Browser(Process driver, URI session, HttpClient http) {
    this.driver = driver;
    this.session = session;
    this.http = http;
  }

  /** The system's chromedriver, if it has one. */
  static Optional<Path> installed() {
    return List.of("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver").stream()
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser start(Path chromedriver, int width, int height) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process driver =
        new ProcessBuilder(chromedriver.toString(), "--port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    HttpClient http = HttpClient.newHttpClient();
    URI root = URI.create("http://127.0.0.1:" + port + "/");
    awaitReady(http, root.resolve("status"));
    String wish =
        """
        {"capabilities":{"alwaysMatch":{"browserName":"chrome",
          "goog:loggingPrefs":{"browser":"ALL","performance":"ALL"},
          "goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu",
            "--disable-dev-shm-usage","--window-size=%d,%d"]}}}}
        """
            .formatted(width, height);
    JsonNode made = send(http, root.resolve("session"), wish);
    String id = made.path("sessionId").asText();
    return new Browser(driver, root.resolve("session/" + id + "/"), http);
  }

  private static void awaitReady(HttpClient http, URI status) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        http.send(HttpRequest.newBuilder(status).build(), HttpResponse.BodyHandlers.ofString());
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  private static JsonNode send(HttpClient http, URI uri, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(PATIENCE).header("Content-Type", "application/json");
    HttpRequest asked =
        body.isEmpty()
            ? request.GET().build()
            : request.POST(HttpRequest.BodyPublishers.ofString(body)).build();
    String text = http.send(asked, HttpResponse.BodyHandlers.ofString()).body();
    JsonNode value = Json.MAPPER.readTree(text).path("value");
    if (value.has("error")) {
      throw new IllegalStateException(value.path("message").asText());
    }
    return value;
  }

  void open(Path page) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode().put("url", page.toUri().toString());
    send(http, session.resolve("url"), body.toString());
  }

  /** Runs JavaScript and returns what it returns. */
  JsonNode script(String script) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode().put("script", script);
    body.putArray("args");
    return send(http, session.resolve("execute/sync"), body.toString());
  }

  /** Presses keys where the focus is. */
  void press(String keys) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ObjectNode source = body.putArray("actions").addObject().put("type", "key").put("id", "k");
    var actions = source.putArray("actions");
    keys.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            key -> {
              actions.addObject().put("type", "keyDown").put("value", key);
              actions.addObject().put("type", "keyUp").put("value", key);
            });
    send(http, session.resolve("actions"), body.toString());
  }

  /** Lays the page out for a screen. */
  void screen(int width, int height, boolean phone, boolean dark) throws Exception {
    ObjectNode screen = Json.MAPPER.createObjectNode();
    screen.put("width", width).put("height", height);
    screen.put("deviceScaleFactor", 1).put("mobile", phone);
    chrome("Emulation.setDeviceMetricsOverride", screen);
    ObjectNode media = Json.MAPPER.createObjectNode();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    chrome("Emulation.setEmulatedMedia", media);
  }

  /** Processor time that the page's thread has taken so far, in seconds. */
  double threadSeconds() throws Exception {
    ObjectNode clock = Json.MAPPER.createObjectNode().put("timeDomain", "threadTicks");
    chrome("Performance.enable", clock);
    JsonNode measured = chrome("Performance.getMetrics", Json.MAPPER.createObjectNode());
    for (JsonNode metric : measured.path("metrics")) {
      if (metric.path("name").asText().equals("ThreadTime")) {
        return metric.path("value").asDouble();
      }
    }
    throw new IllegalStateException("the browser measures no ThreadTime");
  }

  private JsonNode chrome(String command, ObjectNode parameters) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode().put("cmd", command);
    body.set("params", parameters);
    return send(http, session.resolve("goog/cdp/execute"), body.toString());
  }

  void screenshot(Path png) throws Exception {
    String data = send(http, session.resolve("screenshot"), "").asText();
    Files.write(png, Base64.getDecoder().decode(data));
  }

  /** Errors of the console so far. */
  List<String> errors() throws Exception {
    List<String> errors = new ArrayList<>();
    for (JsonNode line : send(http, session.resolve("se/log"), "{\"type\":\"browser\"}")) {
      if (line.path("level").asText().equals("SEVERE")) {
        errors.add(line.path("message").asText());
      }
    }
    return errors;
  }

  /** Addresses that were asked for so far, those inside the page aside. */
  List<String> requests() throws Exception {
    List<String> urls = new ArrayList<>();
    for (JsonNode line : send(http, session.resolve("se/log"), "{\"type\":\"performance\"}")) {
      JsonNode event = Json.MAPPER.readTree(line.path("message").asText()).path("message");
      String url = event.at("/params/request/url").asText();
      if (event.path("method").asText().equals("Network.requestWillBeSent")
          && !url.startsWith("data:")) {
        urls.add(url);
      }
    }
    return urls;
  }

  @Override
  public void close() throws IOException {
    try {
      http.send(
          HttpRequest.newBuilder(session.resolve(".")).timeout(PATIENCE).DELETE().build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      driver.descendants().forEach(ProcessHandle::destroyForcibly);
      driver.destroyForcibly();
    }
  }
}
