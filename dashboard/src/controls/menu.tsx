import { Menu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import styles from './controls.module.css';
import { Icon } from './icon.tsx';

interface MenuButtonProps {
  /** A button: what it says stays in it. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly align?: 'start' | 'end';
  /** Made of the parts below. */
  readonly children: ReactNode;
}

/** A button that opens a menu. */
export function MenuButton({ trigger, align = 'start', children }: MenuButtonProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={4} align={align}>
          <Menu.Popup className={styles.popup}>{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

export function MenuAction({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <Menu.Item className={styles.item} onClick={onClick}>
      <span className={styles.itemText}>{children}</span>
    </Menu.Item>
  );
}

/** To a page of the server that is none of the dashboard. */
export function MenuLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Menu.LinkItem className={styles.item} href={href}>
      <span className={styles.itemText}>{children}</span>
    </Menu.LinkItem>
  );
}

export function MenuSeparator() {
  return <Menu.Separator className={styles.separator} />;
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A group of which one is chosen. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: MenuChoiceProps<Value>) {
  return (
    <Menu.Group>
      <Menu.GroupLabel className={styles.groupLabel}>{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Menu.RadioItem key={option.value} value={option.value} className={styles.item} closeOnClick>
            <span className={styles.itemText}>{option.label}</span>
            <Icon name="check" className={styles.check} />
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}
