package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.leaderboard.PublishedClaim;
import downstream.leaderboard.PublishedClaims;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leaderboard claims}: lists published numbers that measured ones are compared with. */
@Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    subcommands = ClaimsAddCommand.class,
    description = {
      "Lists the published numbers that the leaderboard compares measured ones with.",
      "They come with the program and from claims.csv in the leaderboard's folder."
    },
    footer = {"", "Exit codes: 0 listed; 2 bad input."})
public final class ClaimsListCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--board",
      paramLabel = "DIR",
      description = "Leaderboard folder (default: leaderboard/board).")
  private @Nullable Path board;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json, csv or markdown (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public String group() {
    return "leaderboard";
  }

  @Override
  public Integer call() {
    Path folder = board == null ? Path.of("leaderboard/board") : board;
    if (board != null && !Files.isDirectory(folder)) {
      throw new BadInput(folder, "no such folder", "Check the path given with --board");
    }
    Table table = new Table(PublishedClaim.COLUMNS);
    PublishedClaims.with(folder.resolve(PublishedClaims.FILE))
        .claims()
        .forEach(claim -> table.row(claim.values()));
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
