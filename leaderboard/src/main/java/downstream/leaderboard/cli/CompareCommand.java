package downstream.leaderboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.eval.data.ImageRecord;
import downstream.eval.run.Result;
import downstream.eval.task.Tasks;
import downstream.leaderboard.Comparison;
import downstream.leaderboard.ComparisonSide;
import downstream.leaderboard.MatchedSides;
import downstream.leaderboard.SettingDifferences;
import downstream.leaderboard.ledger.DataFinder;
import downstream.leaderboard.ledger.StoredRunFinder;
import downstream.leaderboard.statistics.BootstrapReplicates;
import downstream.leaderboard.statistics.ImageWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare A B}: difference between two encoders, and its uncertainty. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares two encoders under every protocol that both were run under.",
      "Prints the difference A − B with a 95%% confidence interval, a p-value (and Holm's"
          + " correction over",
      "all rows), and the smallest difference that this number of seeds can show.",
      "Over seeds: Welch's interval and an exact permutation test; with --paired, Student's"
          + " interval",
      "and the test of pairs. Over images: a paired bootstrap from the stored statistics."
    },
    footer = {
      "",
      "A and B: an encoder's name, 6 or more digits of its digest, or NAME@DIGITS; for several",
      "pretrainings method:NAME, or a name with *, as in 'mae-*' (then each pretraining counts as",
      "one sample).",
      "Exit codes: 0 compared; 2 bad input, or no protocol in common; 3 no metric could be"
          + " compared.",
      "",
      "Examples:",
      "  downstream compare ioca byol --runs runs",
      "  downstream compare method:ioca method:byol --runs runs --metric AP50 --metric AP",
      "  downstream compare 'ioca-*' 'mae-*' --runs runs --paired   # the same seeds on both sides",
      "  downstream compare a b --runs runs --block '^([0-9A-Z]+)_'   # blocks: frames of one drive"
    })
public final class CompareCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "First encoder.")
  private String a;

  @Parameters(
      index = "1",
      paramLabel = "B",
      description = "Second encoder, compared with the first.")
  private String b;

  @Mixin private RunsOption runs;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "Metric to compare; repeatable (default: each task's primary metric).")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--paired",
      description =
          "Pairs A and B by seed: the pretraining's if there are several, else fine-tuning's. For"
              + " encoders that share their first stage or start.")
  private boolean paired;

  @Option(
      names = "--bootstrap",
      paramLabel = "N",
      description = "Number of bootstrap resamples of the images (default: 1000; 0 for none).")
  private int bootstrap = 1000;

  @Option(
      names = "--block",
      paramLabel = "REGEX",
      description =
          "Regex on image names; images with equal captured groups are resampled as one block."
              + " Needs the data set.")
  private @Nullable Pattern block;

  @Mixin private DataOption data;

  @Option(
      names = "--across",
      description =
          "Compare means under different protocols too, which mixes the effects of encoder and"
              + " protocol.")
  private boolean across;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Folder that keeps bootstrap results (default: leaderboard/board/.replicates).")
  private Path cache = Path.of("leaderboard/board/.replicates");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json, csv or markdown (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    List<StoredRunFinder.FoundRun> found = StoredRunFinder.of(runs.folders()).runs();
    ComparisonSide left = ComparisonSide.named(a, found);
    ComparisonSide right = ComparisonSide.named(b, found);
    List<MatchedSides> matches =
        across ? MatchedSides.across(left, right) : MatchedSides.of(left, right);
    PrintWriter err = spec.commandLine().getErr();
    if (matches.isEmpty()) {
      err.println(a + " and " + b + " have no task, data and protocol in common; they differ in:");
      err.print(SettingDifferences.of(left, right).as(OutputFormat.TABLE));
      err.println("give --across to compare them nevertheless");
      err.flush();
      return 2;
    }
    List<Comparison> comparisons = comparisons(matches);
    PrintWriter out = spec.commandLine().getOut();
    String image = block == null ? "image" : "block of images";
    out.print(ComparisonTable.of(comparisons, image).as(format));
    if (format == OutputFormat.TABLE || format == OutputFormat.MARKDOWN) {
      explain(matches, out);
      if (across) {
        out.println("\nprotocol fields that differ");
        out.print(SettingDifferences.of(left, right).as(format));
      }
    }
    out.flush();
    return comparisons.stream().allMatch(c -> c.seeds().isEmpty()) ? 3 : 0;
  }

  private List<Comparison> comparisons(List<MatchedSides> matches) throws IOException {
    if (bootstrap < 0) {
      throw new BadInput(
          "--bootstrap", "expected at least 0, found " + bootstrap, "Give 0 or a positive number");
    }
    BootstrapReplicates replicates = new BootstrapReplicates(cache, bootstrap);
    DataFinder finder = data.finder();
    List<Comparison> comparisons = new ArrayList<>();
    for (MatchedSides match : matches) {
      Result sample = match.a().runs().get(0).result();
      List<String> asked = metrics.isEmpty() ? List.of(sample.task().metric()) : metrics;
      for (String metric : asked) {
        comparisons.add(
            Comparison.of(
                match.a(), match.b(), metric, paired, replicates, run -> weights(run, finder)));
      }
    }
    return comparisons;
  }

  private ImageWeights weights(Result run, DataFinder finder) {
    var evaluation = run.data().evaluation();
    if (block == null) {
      return ImageWeights.ofImages(evaluation.images(), evaluation.fingerprint());
    }
    var split = finder.of(run).evaluation().get(run.task().split());
    if (split == null) {
      throw new BadInput(
          run.data().name(), "has no such split", "Give a data set that has it with --data");
    }
    List<String> names = split.images().stream().map(ImageRecord::name).toList();
    return ImageWeights.ofBlocks(names, block, evaluation.fingerprint());
  }

  /**
   * Prints the parts in which a and b differ, as their task explains them: error types, sizes,
   * classes.
   */
  private void explain(List<MatchedSides> matches, PrintWriter out) throws IOException {
    for (MatchedSides match : matches) {
      StoredRunFinder.FoundRun x = match.a().runs().get(0);
      StoredRunFinder.FoundRun y = match.b().runs().get(0);
      Optional<Path> left = x.statistics();
      Optional<Path> right = y.statistics();
      if (left.isPresent() && right.isPresent()) {
        JsonNode why = Tasks.named(x.result().task().name()).explain(left.get(), right.get());
        Table table =
            new Table(List.of("part", "A", "B", "A − B"), List.of("part", "a", "b", "difference"));
        flatten("", why, table);
        out.println(
            "\n"
                + x.result().task().name()
                + ", seeds "
                + x.result().seeds().declared()
                + " and "
                + y.result().seeds().declared());
        out.print(table.as(format));
      }
    }
  }

  private static void flatten(String path, JsonNode node, Table table) {
    if (node.has("difference")) {
      table.row(path, cell(node.path("a")), cell(node.path("b")), cell(node.path("difference")));
    } else if (node.isContainerNode()) {
      node.properties()
          .forEach(
              e ->
                  flatten(
                      path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), table));
    } else if (!node.isNull()) {
      table.row(path, node.asText(), "", "");
    }
  }

  private static Object cell(JsonNode value) {
    return value.isNumber() ? value.asDouble() : "";
  }
}
