package downstream.eval;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Links, paths, options, class names and words of the documentation. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern PATH =
      Pattern.compile("\\b(?:docs|tools|suites)/[\\w./-]*\\w\\.(?:md|svg|png|py|java|yaml)\\b");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]+");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z]\\w*)?)[`.(]");
  private static final Pattern WORD = Pattern.compile("\\w+");
  private static final Pattern ASSIGNMENT = Pattern.compile("--set ([\\w.]+)=");
  private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`[^|]*`) \\|");
  private static final Pattern SETTING = Pattern.compile("`([a-z][\\w.]*)`");
  private static final Pattern PACKAGE_ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package downstream\\.([a-z.]+);");
  private static final Pattern IMPORTED =
      Pattern.compile("(?m)^import (?:static )?downstream\\.([a-z.]+)\\.[A-Z]");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");

  /** Words that docs/glossary.md replaces. */
  private static final Pattern DIALECT =
      Pattern.compile(
          "\\b(?:pictures?|figures?|verbs?|mend|by lot|drawn by|by heart|for eyes|the"
              + " truth|kin|known answers?|cries wolf|keep their word|worked"
              + " off|lies|lay|untrained|the course)\\b");

  /** Words of the same kind that no source of the product needs, in identifiers and texts alike. */
  private static final Pattern CODE_DIALECT =
      Pattern.compile(
          "(?i)picture|rehearsal|untrained|known.?answers?|\\b(?:mend(?:s|ed)?|verbs?|by heart"
              + "|for eyes|(?:drawn )?by lot|kin|contenders?|works? off|cries wolf)\\b");

  private static List<Path> pages = List.of();

  @BeforeAll
  static void pages_are_there() throws IOException {
    assumeTrue(Files.isDirectory(ROOT.resolve("docs")), "runs in the repository");
    List<Path> found =
        new ArrayList<>(
            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tools/README.md")
                .map(ROOT::resolve)
                .toList());
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(found::add);
    }
    pages = List.copyOf(found);
    assertThat(pages).hasSizeGreaterThan(20);
  }

  @Test
  void every_relative_link_resolves() throws IOException {
    List<String> broken = new ArrayList<>();
    int seen = 0;
    for (Path page : pages) {
      for (String target : groups(LINK, Files.readString(page))) {
        if (!target.startsWith("http")) {
          seen++;
          if (!resolves(page, target)) {
            broken.add(ROOT.relativize(page) + ": " + target);
          }
        }
      }
    }
    assertThat(seen).as("links looked at").isGreaterThan(60);
    assertThat(broken).as("links to no file or heading").isEmpty();
  }

  private static boolean resolves(Path page, String target) throws IOException {
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    return Files.exists(path)
        && (hash < 0 || headings(Files.readString(path)).contains(target.substring(hash + 1)));
  }

  /** The anchors that GitHub gives to a page's headings. */
  private static Set<String> headings(String page) {
    return page.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(toSet());
  }

  @Test
  void the_index_names_every_page() throws IOException {
    String index = Files.readString(ROOT.resolve("docs/README.md"));
    Path docs = ROOT.resolve("docs");
    assertThat(pages)
        .filteredOn(page -> page.startsWith(docs) && !page.startsWith(docs.resolve("adr")))
        .filteredOn(page -> !page.equals(docs.resolve("README.md")))
        .extracting(page -> docs.relativize(page).toString().replace('\\', '/'))
        .allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
  }

  @Test
  void paths_in_documentation_and_code_exist() throws IOException {
    List<Path> files = new ArrayList<>(pages);
    files.addAll(sources(".java", ".yaml", ".py"));
    List<String> broken = new ArrayList<>();
    for (Path file : files) {
      for (MatchResult path : PATH.matcher(Files.readString(file)).results().toList()) {
        if (!Files.exists(ROOT.resolve(path.group()))) {
          broken.add(ROOT.relativize(file) + ": " + path.group());
        }
      }
    }
    assertThat(files).as("files looked at").hasSizeGreaterThan(200);
    assertThat(broken).as("paths to no file").isEmpty();
  }

  @Test
  void every_option_exists() throws IOException {
    Set<String> known =
        Stream.concat(
                sources(".java").stream()
                    .flatMap(file -> OPTION.matcher(read(file)).results())
                    .map(MatchResult::group),
                Stream.of("--help"))
            .collect(toSet());
    List<String> unknown = new ArrayList<>();
    for (Path page : pages) {
      for (MatchResult option : OPTION.matcher(Files.readString(page)).results().toList()) {
        if (!known.contains(option.group())) {
          unknown.add(ROOT.relativize(page) + ": " + option.group());
        }
      }
    }
    assertThat(known).as("options looked at").hasSizeGreaterThan(50);
    assertThat(unknown).as("options that no command has").isEmpty();
  }

  @Test
  void every_setting_exists() throws IOException {
    Set<String> words =
        sources(".java").stream()
            .filter(file -> file.toString().replace('\\', '/').contains("/src/main/"))
            .flatMap(file -> WORD.matcher(read(file)).results())
            .map(MatchResult::group)
            .collect(toSet());
    Set<String> suiteParameters = Set.of("images", "detection", "segmentation", "encoder", "name");
    List<String> unknown = new ArrayList<>();
    int seen = 0;
    for (Path page : pages) {
      String text = Files.readString(page);
      List<String> settings = new ArrayList<>(groups(ASSIGNMENT, text));
      if (page.toString().contains("/protocols/")) {
        groups(FIRST_CELL, text).forEach(cell -> settings.addAll(groups(SETTING, cell)));
      }
      for (String setting : settings) {
        seen++;
        String name = setting.substring(setting.lastIndexOf('.') + 1);
        if (!words.contains(name) && !suiteParameters.contains(name)) {
          unknown.add(ROOT.relativize(page) + ": " + setting);
        }
      }
    }
    assertThat(seen).as("settings looked at").isGreaterThan(80);
    assertThat(unknown).as("settings that do not exist").isEmpty();
  }

  @Test
  void every_class_of_the_architecture_exists() throws IOException {
    Set<String> types =
        sources(".java").stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(toSet());
    List<Path> looked =
        pages.stream()
            .filter(page -> page.endsWith("architecture.md") || page.toString().contains("adr"))
            .toList();
    List<String> unknown = new ArrayList<>();
    for (Path page : looked) {
      groups(TYPE, Files.readString(page)).stream()
          .filter(type -> !types.contains(type))
          .forEach(type -> unknown.add(ROOT.relativize(page) + ": " + type));
    }
    assertThat(unknown).as("classes that do not exist").isEmpty();
    assertThat(looked).hasSizeGreaterThan(5);
  }

  @Test
  void packages_use_only_those_above_them_in_the_architecture() throws IOException {
    List<String> order =
        groups(PACKAGE_ROW, Files.readString(ROOT.resolve("docs/architecture.md")));
    List<String> wrong = new ArrayList<>();
    int arrows = 0;
    for (Path file : sources(".java")) {
      if (!file.toString().replace('\\', '/').contains("/src/main/")) {
        continue;
      }
      String text = Files.readString(file);
      String from = groups(PACKAGE, text).get(0);
      if (!order.contains(from)) {
        wrong.add(from + " is not listed");
      }
      for (String to : groups(IMPORTED, text)) {
        arrows += to.equals(from) ? 0 : 1;
        if (order.indexOf(to) > order.indexOf(from)) {
          wrong.add(from + " uses " + to + " in " + file.getFileName());
        }
      }
    }
    assertThat(arrows).as("imports looked at").isGreaterThan(500);
    assertThat(wrong).as("arrows that the page does not have").isEmpty();
  }

  @Test
  void words_are_those_of_the_glossary() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path page : pages) {
      if (!page.endsWith("glossary.md")) {
        String prose = CODE.matcher(Files.readString(page)).replaceAll("");
        for (MatchResult word : DIALECT.matcher(prose).results().toList()) {
          found.add(ROOT.relativize(page) + ": " + word.group());
        }
      }
    }
    assertThat(found).as("words that the glossary replaces").isEmpty();
  }

  @Test
  void words_of_the_code_are_those_of_the_glossary() throws IOException {
    List<String> found = new ArrayList<>();
    int read = 0;
    for (Path file : sources(".java", ".yaml", ".html", ".js", ".csv")) {
      if (file.toString().replace('\\', '/').contains("/src/main/")) {
        read++;
        for (MatchResult word : CODE_DIALECT.matcher(Files.readString(file)).results().toList()) {
          found.add(ROOT.relativize(file) + ": " + word.group());
        }
      }
    }
    assertThat(read).as("files looked at").isGreaterThan(600);
    assertThat(found).as("words that the glossary replaces").isEmpty();
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> sources(String... endings) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : List.of("eval", "detection", "segmentation", "pretrain", "leaderboard")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        files
            .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
            .forEach(found::add);
      }
    }
    return found;
  }
}
