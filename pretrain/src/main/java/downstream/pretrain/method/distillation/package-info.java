/** Methods in which a student gives the scores of its own moving average, the teacher. */
@NullMarked
package downstream.pretrain.method.distillation;

import org.jspecify.annotations.NullMarked;
