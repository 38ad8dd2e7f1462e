package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.leaderboard.PublishedClaim;
import downstream.leaderboard.PublishedClaims;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leaderboard claims add}: adds a claim of the user's own. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Adds a reported number to claims.csv in the leaderboard's folder.",
      "The leaderboard compares it with a measured row if --data and --protocol end in @ and 8 or"
          + " more",
      "digits of that section's digests (data_fp8 and protocol_fp12 of leaderboard.csv); otherwise"
          + " it",
      "is listed as not measured here."
    },
    footer = {
      "",
      "Exit codes: 0 the claim is listed; 2 bad input.",
      "",
      "Example:",
      "  downstream leaderboard claims add --method byol --backbone ViT-S --pretraining scenes \\",
      "      --task detection --data scenes/val@1b46d828 --protocol small@3fc200294cf6 \\",
      "      --metric AP --reported 0.041 --paper 'Ours 2026' --table 'table 2' --source preprint"
    })
final class ClaimsAddCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--method",
      required = true,
      paramLabel = "NAME",
      description =
          "Pretraining method, spelled as in the encoders, or one encoder as NAME@DIGEST.")
  private String method;

  @Option(
      names = "--backbone",
      required = true,
      paramLabel = "TEXT",
      description = "Architecture of the encoder, such as ResNet-50.")
  private String backbone;

  @Option(
      names = "--pretraining",
      required = true,
      paramLabel = "TEXT",
      description = "Pretraining data and length, such as 'ImageNet, 800 epochs'.")
  private String pretraining;

  @Option(
      names = "--task",
      required = true,
      paramLabel = "NAME",
      description = "Task name, as `ls` lists them.")
  private String task;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "NAME/SPLIT[@DIGEST]",
      description = "Data set and split of the evaluation.")
  private String data;

  @Option(
      names = "--protocol",
      required = true,
      paramLabel = "NAME[@FINGERPRINT]",
      description = "Protocol of the fine-tuning and scoring.")
  private String protocol;

  @Option(
      names = "--metric",
      required = true,
      paramLabel = "NAME",
      description = "Metric name, such as AP or mIoU.")
  private String metric;

  @Option(
      names = "--reported",
      required = true,
      paramLabel = "FRACTION",
      description = "Reported value as a fraction: 0.403 for 40.3.")
  private String reported;

  @Option(
      names = "--paper",
      required = true,
      paramLabel = "TEXT",
      description = "Paper that reports the value.")
  private String paper;

  @Option(
      names = "--table",
      required = true,
      paramLabel = "TEXT",
      description = "Table or section of the paper.")
  private String table;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "TEXT",
      description = "Source that the value was read from: an address, an edition.")
  private String source;

  @Mixin private BoardOption board;

  @Override
  public Integer call() throws IOException {
    refuseMalformedNames();
    PublishedClaim claim =
        PublishedClaim.of(
            "the new claim",
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
    boolean added = PublishedClaims.add(board.folder(), claim);
    spec.commandLine().getErr().println(added ? "added" : "was listed before");
    spec.commandLine().getErr().flush();
    return 0;
  }

  /** Refuses malformed names, since such a claim would be listed as not measured for ever. */
  private void refuseMalformedNames() {
    if (!data.matches("[^/@]+/[^/@]+(@[0-9a-f]{8,64})?")) {
      throw new BadInput(
          "--data",
          "expected NAME/SPLIT or NAME/SPLIT@DIGEST, found '" + data + "'",
          "Write e.g. coco/val2017, or coco/val2017@DIGEST with the 8 or more hexadecimal digits"
              + " that 'data check' prints");
    }
    if (!protocol.matches("[^@]+(@[0-9a-f]{8,64})?")) {
      throw new BadInput(
          "--protocol",
          "expected NAME or NAME@FINGERPRINT, found '" + protocol + "'",
          "Write e.g. small, or small@FINGERPRINT with 8 or more hexadecimal digits");
    }
  }
}
