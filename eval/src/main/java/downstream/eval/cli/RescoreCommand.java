package downstream.eval.cli;

import downstream.eval.data.DataSets;
import downstream.eval.run.ResultFile;
import downstream.eval.run.execute.Rescoring;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rescore RUN}: the metrics of a stored run once more, from its predictions alone. */
@Command(
    name = "rescore",
    mixinStandardHelpOptions = true,
    description = {
      "Scores a stored run again from its predictions, without a model.",
      "Exit codes: 0 every metric is equal to the last digit; 1 a metric differs, or stored files"
          + " were changed; 2 bad input."
    },
    footer = {
      "",
      "Examples:",
      "  downstream rescore runs/mae/…/run-0.json",
      "  downstream rescore runs/mae/…/run-0.json --data scenes/data.yaml --format json"
    })
public final class RescoreCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "Stored run: run-SEED.json, or the folder beside it.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Data set of the run, if it has moved (default: the path stored in the run).")
  private @Nullable Path data;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json or csv (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    Path file = Files.isDirectory(run) ? run.resolveSibling(run.getFileName() + ".json") : run;
    Path source = data == null ? Path.of(ResultFile.read(file).provenance().data()) : data;
    Rescoring rescoring = Rescoring.of(file, DataSets.open(source));
    Table table = new Table(List.of("metric", "stored", "rescored", "match"));
    for (Rescoring.Line line : rescoring.lines()) {
      table.row(line.metric(), line.stored(), line.rescored(), line.matches() ? "yes" : "no");
    }
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    report(rescoring, spec.commandLine().getErr());
    return rescoring.matches() ? 0 : 1;
  }

  private static void report(Rescoring rescoring, PrintWriter err) {
    rescoring.defects().forEach(err::println);
    if (!rescoring.perClassMatches()) {
      err.println("the metrics per class differ");
    }
    err.println(
        rescoring.matches()
            ? "every metric is equal to the last digit"
            : "metrics DIFFER from the stored ones");
    err.flush();
  }
}
