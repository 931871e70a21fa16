//! A run as a live view on a terminal: loads as bars, the clients' figures as a chart, the last
//! moves and the rules behind them.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph, Sparkline};
use ratatui::{DefaultTerminal, Frame};

use plasma_model::ActionBody;

use super::interrupt::Interrupt;
use super::keys::Keys;
use super::period::{PeriodView, seconds_text};
use plasma_scenario::visible;

/// Whether a live view has the terminal.
static HAS_TERMINAL: AtomicBool = AtomicBool::new(false);

/// Periods kept for the charts; more than any terminal is wide.
const HISTORY_PERIODS_MAX: usize = 512;

/// Lines of moves kept.
const MOVES_MAX: usize = 64;

/// The live view. Leaves the terminal as it was when dropped.
pub(super) struct Live {
    terminal: DefaultTerminal,
    state: LiveState,
    /// Closed before the terminal is given back.
    keys: Option<Keys>,
}

/// What the live view shows; apart from the terminal, so that tests can draw it.
#[derive(Debug, Default)]
pub(super) struct LiveState {
    title: String,
    duration_seconds: f64,
    last: Option<PeriodView>,
    throughput: VecDeque<u64>,
    /// Moves and remarks, the newest last.
    moves: VecDeque<String>,
    moved: usize,
    failed: usize,
}

impl Live {
    /// Takes over the terminal, and its keys with it.
    pub(super) fn start(
        title: String,
        duration_seconds: f64,
        interrupt: Interrupt,
    ) -> io::Result<Self> {
        HAS_TERMINAL.store(true, Ordering::SeqCst);
        let terminal = ratatui::try_init().inspect_err(|_| give_terminal_back())?;
        Ok(Live {
            terminal,
            state: LiveState::new(title, duration_seconds),
            keys: Some(Keys::listen(interrupt)),
        })
    }

    /// Shows a remark among the moves, from the next period on.
    pub(super) fn remark(&mut self, text: &str) {
        self.state.remark(text);
    }

    /// Shows a period.
    pub(super) fn period(&mut self, view: &PeriodView) -> io::Result<()> {
        self.state.add(view);
        let state = &self.state;
        self.terminal.draw(|frame| state.draw(frame)).map(|_| ())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(self.keys.take());
        give_terminal_back();
    }
}

/// Leaves the terminal as it was, if a live view has it.
pub(super) fn give_terminal_back() {
    if HAS_TERMINAL.swap(false, Ordering::SeqCst) {
        ratatui::restore();
    }
}

impl LiveState {
    pub(super) fn new(title: String, duration_seconds: f64) -> Self {
        LiveState {
            title,
            duration_seconds,
            ..LiveState::default()
        }
    }

    pub(super) fn remark(&mut self, text: &str) {
        push_bounded(&mut self.moves, visible(text).into_owned(), MOVES_MAX);
    }

    pub(super) fn add(&mut self, view: &PeriodView) {
        push_bounded(
            &mut self.throughput,
            view.throughput as u64,
            HISTORY_PERIODS_MAX,
        );
        let (moved, failed) = view.moves_ended();
        self.moved += moved;
        self.failed += failed;
        for action in &view.actions {
            let done = match &action.body {
                ActionBody::Migrate { actor, from, to } => format!("{actor}  {from} → {to}"),
                other => other.to_string(),
            };
            let text = format!("{}  {done}", view.time_text());
            push_bounded(&mut self.moves, text, MOVES_MAX);
        }
        self.last = Some(view.clone());
    }

    pub(super) fn draw(&self, frame: &mut Frame<'_>) {
        let Some(view) = &self.last else { return };
        let servers = view.servers.len() as u16 + 2;
        let [head, loads, chart, rest] = Layout::vertical([
            Constraint::Length(2),
            Constraint::Length(servers),
            Constraint::Length(6),
            Constraint::Min(3),
        ])
        .areas(frame.area());
        self.draw_head(frame, head, view);
        draw_loads(frame, loads, view);
        self.draw_chart(frame, chart, view);
        self.draw_moves(frame, rest, view);
    }

    fn draw_head(&self, frame: &mut Frame<'_>, area: Rect, view: &PeriodView) {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let head = vec![
            Line::from(vec![
                Span::styled(self.title.clone(), bold),
                Span::raw(format!("  {:.0}/{:.0} s  ", view.t, self.duration_seconds)),
                Span::styled(view.phase.name(), Style::new().fg(Color::Cyan)),
            ]),
            Line::from(format!(
                "{} moved, {} failed   Ctrl-C ends the run with its report",
                self.moved, self.failed
            )),
        ];
        frame.render_widget(Paragraph::new(head), area);
    }

    fn draw_chart(&self, frame: &mut Frame<'_>, area: Rect, view: &PeriodView) {
        let title = format!(
            " {:.0} calls/s   p50 {}   p99 {} ",
            view.throughput,
            seconds_text(view.p50),
            seconds_text(view.p99)
        );
        let width = usize::from(area.width.saturating_sub(2));
        let skip = self.throughput.len().saturating_sub(width);
        let shown: Vec<u64> = self.throughput.iter().skip(skip).copied().collect();
        let chart = Sparkline::default()
            .block(Block::new().borders(Borders::ALL).title(title))
            .style(Style::new().fg(Color::Green))
            .data(&shown);
        frame.render_widget(chart, area);
    }

    fn draw_moves(&self, frame: &mut Frame<'_>, area: Rect, view: &PeriodView) {
        let fired: Vec<String> = view
            .fired
            .iter()
            .map(|(rule, times)| format!("{rule} ×{times}"))
            .collect();
        let fired = if fired.is_empty() {
            "no rule fires".to_owned()
        } else {
            fired.join(", ")
        };
        let rows = usize::from(area.height.saturating_sub(2));
        let skip = self.moves.len().saturating_sub(rows);
        let lines: Vec<Line<'_>> = self
            .moves
            .iter()
            .skip(skip)
            .map(|text| Line::from(text.as_str()))
            .collect();
        let block = Block::new()
            .borders(Borders::ALL)
            .title(format!(" {fired} "));
        frame.render_widget(Paragraph::new(lines).block(block), area);
    }
}

fn draw_loads(frame: &mut Frame<'_>, area: Rect, view: &PeriodView) {
    let block = Block::new()
        .borders(Borders::ALL)
        .title(" processor of each server ");
    let inner = block.inner(area);
    let name_width = view
        .servers
        .keys()
        .map(|id| id.as_str().chars().count())
        .max()
        .unwrap_or(0);
    let bar_width = usize::from(inner.width).saturating_sub(name_width + 22);
    let lines: Vec<Line<'_>> = view
        .servers_in_order()
        .into_iter()
        .map(|(id, server)| {
            let cpu = server.cpu.unwrap_or(0.0);
            let filled = ((cpu / 100.0).clamp(0.0, 1.0) * bar_width as f64).round() as usize;
            let color = match cpu {
                c if c > 80.0 => Color::Red,
                c if c > 60.0 => Color::Yellow,
                _ => Color::Green,
            };
            let percent = server.cpu.map_or("  ?".into(), |cpu| format!("{cpu:3.0}"));
            Line::from(vec![
                Span::raw(format!("{id:name_width$} ")),
                Span::styled("█".repeat(filled), Style::new().fg(color)),
                Span::styled(
                    "░".repeat(bar_width - filled),
                    Style::new().fg(Color::DarkGray),
                ),
                Span::raw(format!(" {percent} % {:4} actors", server.actors)),
                Span::raw(if server.contended { " !" } else { "" }),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, length_max: usize) {
    if queue.len() == length_max {
        queue.pop_front();
    }
    queue.push_back(item);
}
