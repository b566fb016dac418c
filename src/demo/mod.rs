//! Sample exports of any size, seeded, with the dirt of real ones; it knows nothing of how exports are read.
//!
//! The customers are invented, and so is everything they said and bought. What happens to one of them
//! depends on the seed and on the customer's number alone.

mod calendar;
mod comment;
mod customer;
mod dirt;
mod occasion;
mod purchase;
mod random;
mod sheet;
mod survey;
mod ticket;

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use customer::{Customer, SLOTS};
use dirt::Export;
use occasion::Story;
use random::Random;
use sheet::{Line, Sheet};

/// What to invent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo {
    /// How many customers.
    pub customers: u32,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// Whether bad rows are added. Fewer than 50 customers get none: it would be too much for them.
    pub dirt: bool,
    /// Whether files of the same names are replaced.
    pub force: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The files, in the order surveys, tickets, purchases.
    pub files: Vec<Written>,
    /// The config that names them.
    pub config: PathBuf,
    /// The rows that a reader has to reject, by file and reason, in the order of the files, then by reason.
    pub planted: Vec<Planted>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name inside the folder.
    pub file: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// Its rows, bad ones included, the header not.
    pub rows: u64,
}

/// Bad rows of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planted {
    /// The name of the file.
    pub file: &'static str,
    /// What they are to be rejected for.
    pub reason: &'static str,
    /// How many.
    pub rows: u64,
}

const FILES: [(&str, &[&str]); 3] = [
    ("surveys.csv", &survey::COLUMNS),
    ("tickets.csv", &ticket::COLUMNS),
    ("purchases.csv", &purchase::COLUMNS),
];

/// The config: its name, and what it says.
const CONFIG: (&str, &str) = ("cxm.toml", include_str!("cxm.toml"));

impl Demo {
    /// Writes `surveys.csv`, `tickets.csv`, `purchases.csv` and a `cxm.toml` that names them into a folder, which is made if
    /// need be.
    pub fn write(&self, dir: &Path) -> Result<Summary> {
        fs::create_dir_all(dir)
            .map_err(|cause| Error::output(format!("could not create `{}`: {cause}", dir.display())))?;
        if !self.force {
            refuse_to_overwrite(dir)?;
        }
        let [surveys, tickets, purchases] = FILES;
        let create = |(name, columns): (&str, &[&str])| Sheet::create(dir.join(name), columns, self.force);
        let mut run = Run {
            seed: self.seed,
            dirt: self.dirt && self.customers >= dirt::ROUND,
            line: Line::default(),
            surveys: create(surveys)?,
            tickets: create(tickets)?,
            purchases: create(purchases)?,
            planted: Vec::new(),
        };
        for number in 0..self.customers {
            run.write_customer(number)?;
        }
        run.finish(dir)
    }
}

fn refuse_to_overwrite(dir: &Path) -> Result<()> {
    let names = FILES.iter().map(|(name, _)| *name).chain([CONFIG.0]);
    match names.map(|name| dir.join(name)).find(|path| path.exists()) {
        Some(path) => Err(Error::output(format!("`{}` exists already", path.display()))
            .hint("choose another folder, or pass --force to replace its files")),
        None => Ok(()),
    }
}

/// The files being written.
struct Run {
    seed: u64,
    dirt: bool,
    line: Line,
    surveys: Sheet,
    tickets: Sheet,
    purchases: Sheet,
    planted: Vec<Planted>,
}

impl Run {
    fn write_customer(&mut self, number: u32) -> Result<()> {
        // One stream for the story and one for the dirt, so that dirt changes no good row.
        let stream = u64::from(number) * 2;
        let mut random = Random::new(self.seed, stream);
        let customer = Customer::new(number, &mut random);
        let purchases = purchase::history(&customer, &mut random);
        let tickets = ticket::history(&customer, &mut random);
        let story = Story { customer: &customer, purchases: &purchases, tickets: &tickets };
        let answers = survey::history(&story, &mut random);
        for answer in &answers {
            self.line.clear();
            answer.fill(&customer, &mut self.line);
            self.surveys.write(self.line.record())?;
        }
        for ticket in &tickets {
            self.line.clear();
            ticket.fill(&customer, &mut self.line);
            self.tickets.write(self.line.record())?;
        }
        for purchase in &purchases {
            self.line.clear();
            purchase.fill(&customer, &mut self.line);
            self.purchases.write(self.line.record())?;
        }
        if self.dirt { self.plant(&customer, Random::new(self.seed, stream + 1)) } else { Ok(()) }
    }

    fn plant(&mut self, customer: &Customer, mut random: Random) -> Result<()> {
        let Some(plant) = dirt::planted(self.seed, customer.number) else { return Ok(()) };
        let slot = SLOTS - 1;
        self.line.clear();
        let (sheet, (file, columns)) = match plant.export {
            Export::Surveys => {
                survey::Answer::plain(customer, slot, &mut random).fill(customer, &mut self.line);
                (&mut self.surveys, FILES[0])
            }
            Export::Tickets => {
                ticket::Ticket::plain(customer, slot, &mut random).fill(customer, &mut self.line);
                (&mut self.tickets, FILES[1])
            }
            Export::Purchases => {
                let at = random.below(calendar::END);
                let order = purchase::Purchase::new(customer, slot, at, &mut random);
                order.fill(customer, &mut self.line);
                (&mut self.purchases, FILES[2])
            }
        };
        for row in plant.grow(columns, self.line.record()) {
            sheet.write(&row)?;
        }
        if let Some(reason) = plant.reason {
            match self.planted.iter_mut().find(|p| (p.file, p.reason) == (file, reason)) {
                Some(known) => known.rows += 1,
                None => self.planted.push(Planted { file, reason, rows: 1 }),
            }
        }
        Ok(())
    }

    fn finish(mut self, dir: &Path) -> Result<Summary> {
        let mut files = Vec::new();
        for ((file, _), sheet) in
            FILES.iter().zip([&mut self.surveys, &mut self.tickets, &mut self.purchases])
        {
            sheet.finish()?;
            files.push(Written { file, path: dir.join(file), rows: sheet.rows });
        }
        let (name, text) = CONFIG;
        let config = dir.join(name);
        fs::write(&config, text)
            .map_err(|cause| Error::output(format!("could not write `{}`: {cause}", config.display())))?;
        let place = |planted: &Planted| FILES.iter().position(|(file, _)| *file == planted.file);
        self.planted.sort_by_key(|planted| (place(planted), planted.reason));
        Ok(Summary { files, config, planted: self.planted })
    }
}

#[cfg(test)]
mod tests;
