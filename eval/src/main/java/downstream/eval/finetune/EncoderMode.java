package downstream.eval.finetune;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the encoder is trained together with the head. */
public enum EncoderMode {
  /** Encoder and head are trained, through the PyTorch engine. */
  @JsonProperty("finetune")
  FINETUNE,
  /** The head alone is trained, on features that ONNX Runtime computes once per image. */
  @JsonProperty("frozen")
  FROZEN
}
