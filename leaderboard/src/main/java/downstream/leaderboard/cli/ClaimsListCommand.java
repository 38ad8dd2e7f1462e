package downstream.leaderboard.cli;

import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.leaderboard.PublishedClaim;
import downstream.leaderboard.PublishedClaims;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private BoardOption board;

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
    Table table = new Table(PublishedClaim.COLUMNS);
    PublishedClaims.with(board.existingIfGiven().resolve(PublishedClaims.FILE))
        .claims()
        .forEach(claim -> table.row(claim.values()));
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
