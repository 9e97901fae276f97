/** A part of a screen with a heading. What breaks in one leaves the others as they are. */
import { Component, type ComponentChildren, type FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { Failure } from './failure.tsx';

interface PanelProps {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export const Panel: FunctionComponent<PanelProps> = ({ title, aside, children }) => (
  <section class="card" aria-label={title}>
    <header class="card-head">
      <h2>{title}</h2>
      {aside}
    </header>
    <div class="card-body">
      <Boundary>{children}</Boundary>
    </div>
  </section>
);

interface BoundaryState {
  error?: unknown;
}

export class Boundary extends Component<{ children: ComponentChildren }, BoundaryState> {
  override state: BoundaryState = {};

  static override getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override render(): ComponentChildren {
    if (this.state.error === undefined) return this.props.children;
    return <Broken error={this.state.error} retry={() => this.setState({ error: undefined })} />;
  }
}

const Broken: FunctionComponent<{ error: unknown; retry(): void }> = ({ error, retry }) => {
  const { words } = useDesk();
  return <Failure title={words.failure.broken} error={error} retry={retry} />;
};
