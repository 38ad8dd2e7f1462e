package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.Lazy;
import downstream.eval.encoder.graph.BatchNorms;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.graph.InitializerRewriter;
import downstream.eval.encoder.graph.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** An encoder: an ONNX model, its {@link EncoderSpec} and where it came from. Immutable. */
public final class EncoderFile {
  static final String SPEC = "downstream.spec";
  private static final String PROVENANCE = "downstream.provenance";

  private final String name;
  private final ModelProto model;
  private final Optional<EncoderSpec> spec;
  private final ObjectNode provenance;
  private final Optional<Path> images;
  private final Graph graph;
  private final Supplier<String> sha256 = Lazy.of(() -> Digest.of(model().toByteArray()));
  private final Supplier<String> architecture = Lazy.of(() -> Architecture.digest(this));

  private EncoderFile(
      String name,
      ModelProto model,
      Optional<EncoderSpec> spec,
      ObjectNode provenance,
      Optional<Path> images) {
    this.name = name;
    this.model = model;
    this.spec = spec;
    this.provenance = provenance.deepCopy();
    this.images = images;
    this.graph = new Graph(name + ".onnx", model);
  }

  /** An encoder in memory; spec and provenance go into the model's {@code metadata_props}. */
  public static EncoderFile of(
      String name, ModelProto model, EncoderSpec spec, ObjectNode provenance) {
    return of(name, model, Optional.of(spec), provenance);
  }

  private static EncoderFile of(
      String name, ModelProto model, Optional<EncoderSpec> spec, ObjectNode provenance) {
    Map<String, String> metadata = metadata(model);
    spec.ifPresent(known -> metadata.put(SPEC, Json.canonical(known)));
    metadata.put(PROVENANCE, Json.canonical(provenance));
    ModelProto.Builder described = model.toBuilder().clearMetadataProps();
    metadata.forEach(
        (key, value) ->
            described.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return new EncoderFile(name, described.build(), spec, provenance, Optional.empty());
  }

  /**
   * Reads an ONNX file; its spec comes from {@code NAME.encoder.yaml} beside it, else from the
   * model's metadata.
   *
   * @throws BadInput if there is no such file, or it is not an ONNX model
   */
  public static EncoderFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file, "no such encoder file", "Give the path of an .onnx file");
    }
    String name = nameOf(file);
    ModelProto model = EncoderReading.model(file);
    Map<String, String> metadata = metadata(model);
    JsonNode provenance =
        Json.parseYaml(file + " (" + PROVENANCE + ")", metadata.getOrDefault(PROVENANCE, "{}"));
    ObjectNode origin =
        provenance instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode();
    Optional<Path> images = Optional.of(imagesBeside(file)).filter(Files::isRegularFile);
    return new EncoderFile(name, model, EncoderReading.spec(file, metadata), origin, images);
  }

  /**
   * Returns the path at which the spec of an encoder's file is looked for first: {@code
   * NAME.encoder.yaml}.
   */
  public static Path specBeside(Path file) {
    return beside(file, ".encoder.yaml");
  }

  /** The file of the same name, with this ending in place of {@code .onnx}. */
  public static Path beside(Path file, String ending) {
    return file.resolveSibling(nameOf(file) + ending);
  }

  /**
   * Returns the path of the list of images that an encoder was pretrained on: {@code
   * NAME.images.txt}.
   */
  public static Path imagesBeside(Path file) {
    return beside(file, ".images.txt");
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.onnx$", "");
  }

  /** The file name without {@code .onnx}. */
  public String name() {
    return name;
  }

  /** The model, metadata included. */
  public ModelProto model() {
    return model;
  }

  /** The graph as the training engine reads it. */
  public Graph graph() {
    return graph;
  }

  /** The values of the spec's levels; the graph's outputs where there is no spec. */
  public List<String> levelValues() {
    return spec.map(s -> s.levels().stream().map(FeatureLevel::value).toList())
        .orElseGet(graph::outputs);
  }

  /** Tells whether this project built the graph. */
  public boolean isOurs() {
    return model.getProducerName().equals(GraphWriter.PRODUCER);
  }

  /** Returns how the encoder was made: method, settings, seed, data; empty for a foreign file. */
  public ObjectNode provenance() {
    return provenance.deepCopy();
  }

  /**
   * The list of images that it was pretrained on, if one was found beside the file it was read
   * from.
   */
  public Optional<Path> images() {
    return images;
  }

  /** Tells whether the file says how its images are normalised and which values heads may read. */
  public boolean hasSpec() {
    return spec.isPresent();
  }

  /**
   * Returns the facts about the encoder that the graph does not state.
   *
   * @throws BadInput if neither the metadata nor a file beside it says it
   */
  public EncoderSpec spec() {
    return spec.orElseThrow(
        () ->
            new BadInput(
                name + ".onnx",
                "has no encoder spec (input, normalisation, feature levels)",
                "Write it as "
                    + name
                    + ".encoder.yaml beside the file; `encoder inspect` shows the graph's values"));
  }

  /** SHA-256 of the model's bytes; computed once. */
  public String sha256() {
    return sha256.get();
  }

  /** Digest over the model's bytes and the resolved spec, by which runs are stored. */
  public String digest() {
    return new Digest().add(sha256()).add(spec.map(Json::canonical).orElse("")).hex();
  }

  /**
   * Digest over what training does not move: graph, spec, shapes of weights. Encoders that share it
   * differ in their weights alone, and share a control.
   */
  public String architecture() {
    return architecture.get();
  }

  /**
   * The same network without anything that says which training it comes from, its weights aside.
   */
  public EncoderFile anonymous(String other, ObjectNode origin) {
    return of(other, Architecture.anonymous(model), spec, origin);
  }

  /** The version of ONNX's operator set that the graph imports. */
  public int opset() {
    return graph.opset();
  }

  /** Returns remarks on the graph that matter for its metrics: whether norms are folded. */
  public List<String> notes() {
    return BatchNorms.notes(graph);
  }

  /**
   * Returns the behaviour of the batch norms during training: {@code none} if the graph has no
   * norms over the batch, {@code folded} if an exporter folded them into convolutions, else {@code
   * batch} or {@code frozen}.
   */
  public String batchNorm(FineTuningSettings tuning) {
    return BatchNorms.behaviour(graph, tuning.batchStatistics());
  }

  /** The graph's weights in graph order, with their numbers of elements. */
  public Map<String, Long> weights() {
    return Weights.names(graph, buffers());
  }

  /** The weights that {@code values} depend on, in graph order. */
  public Set<String> weightsBehind(List<String> values) {
    return Weights.behind(graph, buffers(), values);
  }

  private Set<String> buffers() {
    return spec.map(EncoderSpec::buffers).orElse(Set.of());
  }

  /** Number of float values in initialisers that are not declared buffers. */
  public long parameters() {
    return weights().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same graph with other values in some constants, and another provenance. */
  public EncoderFile withWeights(Map<String, float[]> weights, ObjectNode origin) {
    GraphProto changed = InitializerRewriter.write(model.getGraph(), weights);
    return of(name, model.toBuilder().setGraph(changed).build(), spec, origin);
  }

  /** The same model under another spec; the model's own metadata stays. */
  public EncoderFile withSpec(EncoderSpec other) {
    return new EncoderFile(name, model, Optional.of(other), provenance, images);
  }

  /** The same encoder under another name. */
  public EncoderFile named(String other) {
    return new EncoderFile(other, model, spec, provenance, images);
  }

  /** Writes the model, atomically. */
  public void write(Path file) {
    AtomicFile.write(file, model.toByteArray());
  }

  private static Map<String, String> metadata(ModelProto model) {
    Map<String, String> metadata = new LinkedHashMap<>();
    model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return metadata;
  }
}
