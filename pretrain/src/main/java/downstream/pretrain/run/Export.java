package downstream.pretrain.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.KeyCase;
import downstream.eval.data.ImageList;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.inspect.EncoderVerification.Difference;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.run.Build;
import downstream.eval.train.LossCurve;
import downstream.eval.train.TrainingResult;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.settings.EncoderSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The files of a pretrained encoder: {@code <method>.onnx}, which holds nothing that differs
 * between two runs of one seed; {@code <method>.images.txt}, the list of images that it has seen;
 * and {@code <method>.provenance.json}, which holds what differs. They are written only if both
 * engines agree on the encoder.
 */
public final class Export {
  private final Pretrainer method;
  private final Record settings;
  private final PretrainingRequest pretraining;
  private final Optional<Path> stage1;

  public Export(Pretrainer method, Record settings, PretrainingRequest pretraining) {
    this(method, settings, pretraining, Optional.empty());
  }

  private Export(
      Pretrainer method, Record settings, PretrainingRequest pretraining, Optional<Path> stage1) {
    this.method = method;
    this.settings = settings;
    this.pretraining = pretraining;
    this.stage1 = stage1;
  }

  /** The same of an encoder that continued from this one, and so has seen its images too. */
  Export continuing(Path encoder) {
    return new Export(method, settings, pretraining, Optional.of(encoder));
  }

  /**
   * Writes a trained encoder.
   *
   * @param costs of every stage that led to it
   * @return its file
   * @throws IllegalStateException if ONNX Runtime and PyTorch disagree by more than 1e-4
   */
  Path write(Encoder encoder, List<StageCost> costs, TrainingResult trained) throws IOException {
    Optional<ImageList> seen = seen();
    ObjectNode provenance = provenance(seen);
    StageCost.describe(costs, provenance);
    ObjectNode circumstances = circumstances();
    circumstances.put("seconds", trained.seconds());
    circumstances.put("wait_share", trained.waitShare());
    circumstances.put("training_digest", trained.digest());
    Path log = pretraining.folder().resolve("log.jsonl");
    LossCurve.draw(log, log.resolveSibling("loss.png"));
    return write(encoder.block().export(method.name(), provenance), seen, circumstances);
  }

  /** Writes an encoder as it was initialised. */
  public void writeRandomInit(EncoderSettings encoder) throws IOException {
    Optional<ImageList> none = Optional.of(ImageList.EMPTY);
    ObjectNode provenance = provenance(none);
    StageCost.describe(List.of(new StageCost("none", 0, 0, Optional.of(0L))), provenance);
    write(encoder.build(method.name(), pretraining.seed(), provenance), none, circumstances());
  }

  /** The images seen; empty if the encoder continued from one without a list. */
  private Optional<ImageList> seen() {
    ImageList own = ImageList.of(pretraining.images());
    return stage1.isEmpty()
        ? Optional.of(own)
        : EncoderFile.read(stage1.get()).images().map(ImageList::read).map(own::and);
  }

  private ObjectNode provenance(Optional<ImageList> seen) {
    ObjectNode provenance = Json.MAPPER.createObjectNode();
    provenance.put("method", method.name());
    provenance.set("settings", KeyCase.snake(Json.MAPPER.<JsonNode>valueToTree(settings)));
    provenance.put("seed", pretraining.seed());
    ObjectNode images = provenance.putObject("images");
    images.put("fingerprint", pretraining.images().fingerprint());
    images.put("count", pretraining.images().images().size());
    seen.ifPresent(list -> images.put("list", Digest.of(list.bytes())));
    provenance.put("commit", Build.current().get("commit"));
    return provenance;
  }

  private ObjectNode circumstances() throws IOException {
    ObjectNode circumstances = Json.MAPPER.createObjectNode();
    circumstances.put("date", Instant.now().toString());
    circumstances.put("host", InetAddress.getLocalHost().getHostName());
    circumstances.put("images", pretraining.images().name());
    circumstances.put("threads", pretraining.threads());
    circumstances.put("device", pretraining.device().toString());
    circumstances.put("java", System.getProperty("java.version"));
    circumstances.put(
        "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return circumstances;
  }

  private Path write(EncoderFile file, Optional<ImageList> seen, ObjectNode circumstances) {
    double worst = verified(file);
    Path onnx = pretraining.file(method.name(), ".onnx");
    seen.ifPresent(list -> AtomicFile.write(EncoderFile.imagesBeside(onnx), list.bytes()));
    file.write(onnx);
    circumstances.put("encoder", file.digest());
    circumstances.put("max_relative_difference", worst);
    AtomicFile.write(
        pretraining.file(method.name(), ".provenance.json"), Json.pretty(circumstances));
    return onnx;
  }

  /** The largest relative difference between the engines. */
  private static double verified(EncoderFile file) {
    List<Difference> differences = EncoderVerification.compare(file);
    for (Difference difference : differences) {
      if (!difference.agree()) {
        throw new IllegalStateException(
            file.name() + ": ONNX Runtime and PyTorch disagree (" + difference + "); not written");
      }
    }
    return differences.stream().mapToDouble(Difference::maxRel).max().orElse(Double.NaN);
  }
}
