package downstream.eval.encoder;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A transformer that this project wrote, whose weights can be written for another image size. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
  @JsonSubTypes.Type(VitArchitecture.class),
  @JsonSubTypes.Type(SwinArchitecture.class)
})
public sealed interface BuiltNetwork permits VitArchitecture, SwinArchitecture {
  /** Pixels that an image's side must be a multiple of. */
  int sizeUnit();

  /** The same network for images of another size. */
  BuiltNetwork withImageSize(int size);
}
