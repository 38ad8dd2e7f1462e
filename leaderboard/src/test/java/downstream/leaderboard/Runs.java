package downstream.leaderboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.DataLeak;
import downstream.eval.run.LazyJson;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes stored runs of a task with two metrics, AP (higher is better) and error (lower is). */
public record Runs(
    Path root,
    String protocol,
    String split,
    Result.Status status,
    int limit,
    String architecture,
    Optional<DataLeak> leak) {
  public static Runs in(Path root) {
    return new Runs(root, "fcos", "val", Result.Status.OK, 0, "", Optional.empty());
  }

  public Runs protocol(String other) {
    return new Runs(root, other, split, status, limit, architecture, leak);
  }

  public Runs split(String other) {
    return new Runs(root, protocol, other, status, limit, architecture, leak);
  }

  public Runs status(Result.Status other) {
    return new Runs(root, protocol, split, other, limit, architecture, leak);
  }

  public Runs limit(int other) {
    return new Runs(root, protocol, split, status, other, architecture, leak);
  }

  /** Runs of encoders of this architecture; "" for runs that do not say. */
  public Runs architecture(String other) {
    return new Runs(root, protocol, split, status, limit, other, leak);
  }

  /** Runs whose leak check said this. */
  public Runs leak(DataLeak other) {
    return new Runs(root, protocol, split, status, limit, architecture, Optional.of(other));
  }

  /** Stores a run with its predictions; an empty AP could not be computed. */
  public Path store(String encoder, long seed, Optional<Double> ap) {
    Path folder = root.resolve(encoder).resolve(split).resolve(protocol);
    Path file = folder.resolve("run-" + seed + ".json");
    byte[] predictions = (encoder + seed + ap).getBytes(StandardCharsets.UTF_8);
    String path = "run-" + seed + "/predictions.json.gz";
    AtomicFile.write(folder.resolve(path), predictions);
    Result.Artifact artifact =
        new Result.Artifact(path, Digest.of(predictions), predictions.length);
    ResultFile.write(file, result(encoder, seed, ap, artifact));
    return file;
  }

  /** Stores one run per value, seeds from 0. */
  public Runs store(String encoder, double... values) {
    for (int seed = 0; seed < values.length; seed++) {
      store(encoder, seed, Optional.of(values[seed]));
    }
    return this;
  }

  /** A run of another task, of this version, that is nowhere stored. */
  public static Result of(String task, String version) throws IOException {
    ObjectNode tree = Json.MAPPER.valueToTree(Runs.in(Path.of("")).imagined("mae", 0, 0.5));
    tree.withObject("/task").put("name", task).put("version", version);
    return Json.MAPPER.treeToValue(tree, Result.class);
  }

  /** A run that is nowhere stored. */
  Result imagined(String encoder, long seed, double ap) {
    Result.Artifact none = new Result.Artifact("run-" + seed + "/predictions.json.gz", "", 0);
    return result(encoder, seed, Optional.of(ap), none);
  }

  private Result result(String encoder, long seed, Optional<Double> ap, Result.Artifact artifact) {
    var none = Json.MAPPER.createObjectNode();
    return new Result(
        ResultFile.SCHEMA,
        "",
        status,
        status == Result.Status.OK ? Optional.empty() : Optional.of("the loss is not finite"),
        task(),
        new Result.ProtocolPart(protocol, digest("protocol " + protocol), LazyJson.of(none)),
        encoderPart(encoder),
        data(),
        new Result.Seeds(seed, Optional.of("ab")),
        limit == 0 ? Optional.empty() : Optional.of(new Result.Limit(limit)),
        Map.of("AP", ap, "error", ap.map(value -> 1 - value)),
        Map.of(),
        LazyJson.of(none),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        architecture.isEmpty()
            ? Optional.empty()
            : Optional.of(new Result.Control(architecture, false, ControlPolicy.WITH)),
        none,
        Json.MAPPER.createObjectNode().put("commit", "c0ffee"),
        new Result.Time(
            "2026-01-0" + (seed + 1) + "T00:00:00Z",
            Map.of("train", 10.0 + seed),
            false,
            Optional.empty()),
        List.of(artifact),
        new Result.Provenance(List.of("downstream", "eval"), "data.yaml", List.of()));
  }

  private Result.TaskPart task() {
    return new Result.TaskPart(
        "detection",
        "1",
        split,
        "AP",
        Map.of("AP", true, "error", false),
        "fraction",
        "predictions.json.gz");
  }

  private static Result.EncoderPart encoderPart(String name) {
    return new Result.EncoderPart(
        name,
        digest(name),
        digest(name),
        1000,
        250,
        17,
        Optional.of(35_000_000L),
        Json.MAPPER.createObjectNode(),
        Json.MAPPER.createObjectNode().put("method", name),
        List.of());
  }

  private Result.DataPart data() {
    Result.SetPart train = new Result.SetPart("cells/train", digest("train"), 9, 9);
    Result.SetPart scored = new Result.SetPart("cells/" + split, digest(split), 5, 5);
    return new Result.DataPart(
        "cells", digest(split), train, scored, List.of("cell"), List.of(), leak);
  }

  private static String digest(String text) {
    return new Digest().add(text).hex();
  }
}
