package downstream.leaderboard.cli;

import downstream.eval.AtomicFile;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.suite.PlannedComparison;
import downstream.leaderboard.Findings;
import downstream.leaderboard.Findings.Finding;
import downstream.leaderboard.FindingsPage;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code findings FILE}: answers a list of comparisons that was fixed before the runs. */
@Command(
    name = "findings",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Answers the comparisons that a file lists, a sentence each.",
      "P-values are corrected over the whole list (Holm). A suite with the key 'comparisons' runs"
          + " this",
      "at its end (docs/guide/suites.md)."
    },
    footer = {
      "",
      "Exit codes: 0 answered; 2 bad input; 3 one could not be measured.",
      "",
      "Example:",
      "  downstream findings pilot/comparisons.yaml --runs pilot/runs --page study.md"
    })
public final class FindingsCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "YAML file with the key 'comparisons'.")
  private Path file;

  @Mixin private RunsOption runs;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Markdown file to write, with a table and the command behind each sentence.")
  private @Nullable Path page;

  @Option(
      names = "--bootstrap",
      paramLabel = "N",
      description = "Number of bootstrap resamples of the images (default: 1000).")
  private int bootstrap = 1000;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Folder that keeps bootstrap results (default: leaderboard/board/.replicates).")
  private Path cache = Path.of("leaderboard/board/.replicates");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Output format: table, which is one sentence a line, json, csv or markdown (default:"
              + " table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    List<PlannedComparison> planned = PlannedComparison.read(file);
    List<Finding> findings =
        new Findings(StoredRunFinder.of(runs.folders()).runs(), cache, bootstrap).of(planned);
    if (page != null) {
      String folders =
          runs.folders().stream().map(Path::toString).collect(Collectors.joining(" --runs "));
      AtomicFile.write(page, FindingsPage.of(findings, folders).getBytes(StandardCharsets.UTF_8));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (format == OutputFormat.TABLE) {
      findings.forEach(finding -> out.println(FindingsPage.sentence(finding)));
    } else {
      out.print(FindingsPage.table(findings).as(format));
    }
    out.flush();
    return findings.stream().allMatch(finding -> finding.missing().isEmpty()) ? 0 : 3;
  }
}
