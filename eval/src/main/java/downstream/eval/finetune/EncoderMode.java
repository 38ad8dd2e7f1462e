package downstream.eval.finetune;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Choice between training the encoder with the head and training the head alone. */
public enum EncoderMode {
  /** Encoder and head are trained, through the PyTorch engine. */
  @JsonProperty("finetune")
  FINETUNE,
  /** The head alone is trained, on features that ONNX Runtime computes once per image. */
  @JsonProperty("frozen")
  FROZEN
}
