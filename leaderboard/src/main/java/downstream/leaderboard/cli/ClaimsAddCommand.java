package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.leaderboard.Claim;
import downstream.leaderboard.Claims;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leaderboard claims add}: one's own claims. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Adds a number that somebody reports to claims.csv in the board's folder.",
      "It is held against what was measured where --data and --protocol end in @ and 8 or more",
      "digits of the section's digests (data_fp8 and protocol_fp12 of leaderboard.csv); else it",
      "stands as not measured here."
    },
    footer = {
      "",
      "Exit codes: 0 it is there; 2 bad input.",
      "",
      "Example:",
      "  downstream leaderboard claims add --method byol --backbone ViT-S --pretraining scenes \\",
      "      --task detection --data scenes/val@1b46d828 --protocol small@3fc200294cf6 \\",
      "      --metric AP --reported 0.041 --paper 'Ours 2026' --table 'table 2' --source preprint"
    })
final class ClaimsAddCommand implements Callable<Integer> {
  private static final String DIGITS = "Of a digest give 8 or more digits, 0-9 and a-f";

  @Spec private CommandSpec spec;

  @Option(
      names = "--method",
      required = true,
      paramLabel = "NAME",
      description = "As encoders name it; or one encoder, NAME@DIGEST.")
  private String method;

  @Option(names = "--backbone", required = true, paramLabel = "TEXT", description = "ResNet-50.")
  private String backbone;

  @Option(
      names = "--pretraining",
      required = true,
      paramLabel = "TEXT",
      description = "On what, and how long.")
  private String pretraining;

  @Option(names = "--task", required = true, paramLabel = "T", description = "See `ls`.")
  private String task;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "NAME/SPLIT[@DIGEST]",
      description = "What it was scored on.")
  private String data;

  @Option(
      names = "--protocol",
      required = true,
      paramLabel = "NAME[@FINGERPRINT]",
      description = "How it was trained and scored.")
  private String protocol;

  @Option(names = "--metric", required = true, paramLabel = "NAME", description = "AP, mIoU, …")
  private String metric;

  @Option(
      names = "--reported",
      required = true,
      paramLabel = "FRACTION",
      description = "The number: 0.403 for 40.3.")
  private String reported;

  @Option(names = "--paper", required = true, paramLabel = "TEXT", description = "Who says so.")
  private String paper;

  @Option(names = "--table", required = true, paramLabel = "TEXT", description = "And where in it.")
  private String table;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "TEXT",
      description = "Where you read it: an address, an edition.")
  private String source;

  @Option(
      names = "--board",
      paramLabel = "DIR",
      description = "The board's folder; default leaderboard/board.")
  private Path board = Path.of("leaderboard/board");

  @Override
  public Integer call() throws IOException {
    refuseWhatNamesNoSection();
    Claim claim =
        Claim.of(
            "the claim",
            List.of(
                method,
                backbone,
                pretraining,
                task,
                data,
                protocol,
                metric,
                reported,
                paper,
                table,
                source));
    boolean added = Claims.add(board, claim);
    spec.commandLine().getErr().println(added ? "added" : "was there already");
    spec.commandLine().getErr().flush();
    return 0;
  }

  /** A claim with a slip in these would stand as not measured for ever, and nobody be told. */
  private void refuseWhatNamesNoSection() {
    if (!data.matches("[^/@]+/[^/@]+(@[0-9a-f]{8,64})?")) {
      throw new BadInput(
          "--data", "expected NAME/SPLIT or NAME/SPLIT@DIGEST, found '" + data + "'", DIGITS);
    }
    if (!protocol.matches("[^@]+(@[0-9a-f]{8,64})?")) {
      throw new BadInput(
          "--protocol", "expected NAME or NAME@FINGERPRINT, found '" + protocol + "'", DIGITS);
    }
  }
}
