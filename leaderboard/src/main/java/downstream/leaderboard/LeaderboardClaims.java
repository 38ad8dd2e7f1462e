package downstream.leaderboard;

import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.cli.Verb;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leaderboard claims}: the numbers of papers that measured ones are held against. */
@Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    subcommands = ClaimsAdd.class,
    description = {
      "Lists the numbers of papers that the board holds measured ones against.",
      "They come with the program and from claims.csv in the board's folder."
    },
    footer = {"", "Exit codes: 0 listed; 2 bad input."})
public final class LeaderboardClaims implements Verb {
  @Spec private CommandSpec spec;

  @Option(
      names = "--board",
      paramLabel = "DIR",
      description = "The board's folder; default leaderboard/board.")
  private Path board = Path.of("leaderboard/board");

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, json, csv or markdown.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public String group() {
    return "leaderboard";
  }

  @Override
  public Integer call() {
    Table table = new Table(Claim.COLUMNS);
    Claims.with(board.resolve(Claims.FILE)).claims().forEach(claim -> table.row(claim.values()));
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
